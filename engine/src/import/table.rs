//! Reading a table that a person made with a spreadsheet: CSV or XLSX, as rows of texts with their numbers.

use calamine::{DataRef, Reader, Xlsx};
use domain::import::ROWS_MOST;
use std::io::{Cursor, Read};

/// Bytes that an XLSX may have unpacked. Counted, not believed.
const UNPACKED_MOST: u64 = 64 * 1024 * 1024;

/// Letters of a cell that are looked at: an address has 2,048.
const CELL_MOST: usize = 2_048;

/// Columns that are looked at.
const COLUMNS_MOST: u32 = 64;

/// A row's number in the table, from 1, and its cells.
pub(super) type Row = (usize, Vec<String>);

/// Reads the rows that say something.
///
/// # Errors
/// A sentence: the file can't be read, or has too many rows.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, String> {
    let rows = if bytes.starts_with(b"PK\x03\x04") { of_xlsx(bytes)? } else { of_csv(bytes)? };
    match rows.len().saturating_sub(1) {
        0 => Err("文件里没有数据：第一行是表头，数据从第二行开始".to_owned()),
        n if n > ROWS_MOST => Err(too_many()),
        _ => Ok(rows),
    }
}

fn too_many() -> String {
    format!("一次最多导入 {ROWS_MOST} 行，请分成几个文件")
}

/// UTF-8, or GB 18030, which spreadsheets write on computers of this country.
fn of_csv(bytes: &[u8]) -> Result<Vec<Row>, String> {
    let (text, _, wrong) = encoding_rs::UTF_8.decode(bytes);
    let (text, wrong) = match wrong {
        false => (text, false),
        true => encoding_rs::GB18030.decode_without_bom_handling(bytes),
    };
    if wrong || text.contains('\0') {
        return Err("不是 CSV 或 XLSX 文件，请用模板另存后再导入".to_owned());
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| "CSV 的格式不对：请检查引号是否成对".to_owned())?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().take(COLUMNS_MOST as usize).map(short).collect();
        add(&mut rows, usize::try_from(line).unwrap_or(usize::MAX), cells)?;
    }
    Ok(rows)
}

/// The first sheet. Cell by cell: a sheet may claim a million rows with one cell.
fn of_xlsx(bytes: &[u8]) -> Result<Vec<Row>, String> {
    let broken = || "XLSX 文件打不开，请用表格软件另存后再导入".to_owned();
    if !unpacks_to_little(bytes) {
        return Err(broken());
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheet = book.sheet_names().into_iter().next().ok_or_else(broken)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| broken())?;
    let (mut rows, mut line, mut row) = (Vec::new(), 0, Vec::new());
    while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
        let (at, column) = cell.get_position();
        if at != line {
            add(&mut rows, number(line), std::mem::take(&mut row))?;
            line = at;
        }
        if column < COLUMNS_MOST {
            let column = usize::try_from(column).unwrap_or_default();
            row.resize(row.len().max(column + 1), String::new());
            row[column] = text(cell.get_value());
        }
    }
    add(&mut rows, number(line), row)?;
    Ok(rows)
}

/// A row's number, from 1.
fn number(line: u32) -> usize {
    usize::try_from(line).unwrap_or_default() + 1
}

fn add(rows: &mut Vec<Row>, line: usize, row: Vec<String>) -> Result<(), String> {
    if row.iter().any(|cell| !cell.trim().is_empty()) {
        rows.push((line, row));
    }
    // The headings are a row, too.
    if rows.len() > ROWS_MOST + 1 { Err(too_many()) } else { Ok(()) }
}

/// As much of a cell as any column takes, and one letter more.
fn short(text: &str) -> String {
    text.chars().take(CELL_MOST + 1).collect()
}

/// A key of digits is a number in a spreadsheet: without the point that it never had.
fn text(value: &DataRef<'_>) -> String {
    match value {
        // One long text may stand in thousands of cells: it is never copied whole.
        DataRef::SharedString(text) => short(text),
        DataRef::String(text) => short(text),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => calamine::Data::from(other.clone()).to_string(),
    }
}

fn unpacks_to_little(bytes: &[u8]) -> bool {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return false };
    let mut left = UNPACKED_MOST;
    for index in 0..archive.len() {
        let Ok(file) = archive.by_index(index) else { return false };
        match std::io::copy(&mut file.take(left + 1), &mut std::io::sink()) {
            Ok(n) if n <= left => left -= n,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A small XLSX with these parts.
    fn packed(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, body) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(body).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// The least that a spreadsheet program writes, around these rows.
    fn xlsx(rows: &str) -> Vec<u8> {
        let of = |what: &str| format!("http://schemas.openxmlformats.org/{what}");
        let (main, relation) = (of("spreadsheetml/2006/main"), of("officeDocument/2006/relationships"));
        let relations = |id: &str, kind: &str, target: &str| {
            let package = of("package/2006/relationships");
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"{id}\" Type=\"{relation}/{kind}\" Target=\"{target}\"/>\
                </Relationships>"
            )
        };
        let types = format!("<Types xmlns=\"{}\"/>", of("package/2006/content-types"));
        let book = format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets>\
            </workbook>"
        );
        let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
        packed(&[
            ("[Content_Types].xml", types.into_bytes()),
            ("_rels/.rels", relations("r0", "officeDocument", "xl/workbook.xml").into_bytes()),
            ("xl/workbook.xml", book.into_bytes()),
            ("xl/_rels/workbook.xml.rels", relations("r1", "worksheet", "worksheets/sheet1.xml").into_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
        ])
    }

    #[test]
    fn csv_is_read_in_both_encodings() {
        let utf8 = "\u{feff}原应用ID,中文名\r\n\r\nA1,\"公交, 查询\"\r\n".as_bytes().to_vec();
        let (gbk, _, _) = encoding_rs::GB18030.encode("原应用ID,中文名\nA1,\"公交, 查询\"\n");
        for bytes in [utf8, gbk.into_owned()] {
            let rows = read(&bytes).unwrap();
            assert_eq!(rows[0].1, ["原应用ID", "中文名"]);
            assert_eq!(rows[1].1, ["A1", "公交, 查询"]);
        }
        assert!(read(b"\x00\x01\x02").is_err() && read(b"").is_err() && read(b"a,b\n").is_err());
    }

    #[test]
    fn xlsx_is_read_cell_by_cell() {
        let inline = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let rows = format!(
            "<row r=\"1\">{}{}</row><row r=\"3\"><c r=\"A3\"><v>1001</v></c>{}</row>",
            inline("A1", "原应用ID"),
            inline("B1", "中文名"),
            inline("B3", "公交")
        );
        let read_rows = read(&xlsx(&rows)).unwrap();
        assert_eq!(read_rows[1], (3, vec!["1001".to_owned(), "公交".to_owned()]));
        let sparse =
            format!("<row r=\"1\">{}</row><row r=\"1048576\">{}</row>", inline("A1", "x"), inline("XFD1048576", "y"));
        assert!(read(&xlsx(&sparse)).is_err(), "a cell that nobody looks at is no row");
        assert!(read(b"PK\x03\x04 not a zip").is_err());
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let zeros = vec![b' '; usize::try_from(UNPACKED_MOST).unwrap() + 1];
        assert!(!unpacks_to_little(&packed(&[("xl/sharedStrings.xml", zeros)])));
    }

    #[test]
    fn too_many_rows_are_refused() {
        let many = "a\n".repeat(ROWS_MOST + 2);
        assert!(read(many.as_bytes()).unwrap_err().contains("5000"));
    }
}
