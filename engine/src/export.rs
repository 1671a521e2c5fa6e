//! 导出: a table as a file that people open in a spreadsheet. A cell is always text: what begins like a formula is none.

use crate::error::{Error, Result};
use rust_xlsxwriter::{Format as Style, Workbook, XlsxError};

/// In which shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, UTF-8 with the mark by which Excel knows it.
    Csv,
    /// Office Open XML.
    Xlsx,
}

/// A file to be saved.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Its name, without ending.
    pub name: String,
    /// Its shape.
    pub format: Format,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A table on its way out.
pub(crate) struct Sheet {
    /// What the file is called.
    pub(crate) name: String,
    /// The first line.
    pub(crate) headings: &'static [&'static str],
    /// As many cells as there are headings, each.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Format {
    /// The format of a file's ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx].into_iter().find(|format| format.ending() == ending)
    }

    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl Sheet {
    /// The file.
    ///
    /// # Errors
    /// [`Error::Work`]: it can't be written, which does not happen with what fits into memory.
    pub(crate) fn export(self, format: Format) -> Result<Exported> {
        let bytes = match format {
            Format::Csv => self.csv().map_err(|error| error.to_string()),
            Format::Xlsx => self.xlsx().map_err(|error| error.to_string()),
        };
        Ok(Exported { bytes: bytes.map_err(Error::Work)?, name: self.name, format })
    }

    fn csv(&self) -> csv::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(self.headings)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    fn xlsx(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let (bold, wrapped) = (Style::new().set_bold(), Style::new().set_text_wrap());
        for (column, heading) in (0..).zip(self.headings) {
            sheet.write_string_with_format(0, column, *heading, &bold)?;
        }
        for (line, row) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string_with_format(line, column, cut(cell), &wrapped)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
        book.save_to_buffer()
    }
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell of Excel has room for 32,767 units of UTF-16.
fn cut(cell: &str) -> &str {
    const MOST: usize = 32_767;
    let mut units = 0;
    let end = cell.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > MOST
    });
    end.map_or(cell, |(end, _)| cell.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Reader, Xlsx};
    use std::io::Cursor;

    fn sheet() -> Sheet {
        let rows = [["=1+1", "王建国"], ["a,\"b\"", "第一行\n第二行"]];
        Sheet {
            name: "表".to_owned(),
            headings: &["事项", "人"],
            rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
        }
    }

    #[test]
    fn a_csv_file_is_known_to_excel_and_has_no_formula() {
        let bytes = sheet().export(Format::Csv).unwrap().bytes;
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\u{feff}事项,人\n'=1+1,王建国\n\"a,\"\"b\"\"\",\"第一行\n第二行\"\n");
    }

    #[test]
    fn an_xlsx_file_reads_as_it_was_written() {
        let bytes = sheet().export(Format::Xlsx).unwrap().bytes;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let name = book.sheet_names()[0].clone();
        let read = book.worksheet_range(&name).unwrap();
        let rows: Vec<Vec<String>> = read.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(rows, [["事项", "人"], ["=1+1", "王建国"], ["a,\"b\"", "第一行\n第二行"]]);
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "text, not a formula");
    }

    #[test]
    fn a_cell_has_room_for_so_much() {
        let long = "字".repeat(40_000);
        assert_eq!(cut(&long).chars().count(), 32_767);
        assert_eq!(cut("短"), "短");
    }
}
