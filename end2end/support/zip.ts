import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";

/** What nobody packs: it is refused, or made anew. */
const LEFT_OUT = ["node_modules", "build", "dist", "www"];

/** A real application of `fixtures`, as a person would pack it; with `more`, it is a package that was never built before. */
export function fixture(name: string, more: Record<string, string> = {}): Buffer {
    const root = join(import.meta.dirname, "..", "fixtures", name);
    const files: Record<string, Buffer | string> = { ...more };
    const walk = (folder: string) => {
        for (const entry of readdirSync(folder).filter((entry) => !LEFT_OUT.includes(entry))) {
            const path = join(folder, entry);
            if (statSync(path).isDirectory()) walk(path);
            else files[relative(root, path)] = readFileSync(path);
        }
    };
    walk(root);
    return zip(files);
}

/** A zip of these files: deflated, with names in UTF-8. */
export function zip(files: Record<string, Buffer | string>): Buffer {
    return raw(Object.entries(files).map(([name, data]) => ({ name, data, method: 8, flags: 0x0800, mode: 0o100644 })));
}

/** An XLSX of one sheet with these rows, the least that a spreadsheet program writes; what is empty has no cell. */
export function xlsx(rows: (string | number)[][]): Buffer {
    const of = (what: string) => `http://schemas.openxmlformats.org/${what}`;
    const [main, relation] = [of("spreadsheetml/2006/main"), of("officeDocument/2006/relationships")];
    const relations = (id: string, kind: string, target: string) =>
        `<Relationships xmlns="${of("package/2006/relationships")}"><Relationship Id="${id}" Type="${relation}/${kind}" Target="${target}"/></Relationships>`;
    const cell = (value: string | number, at: string) =>
        typeof value === "number" ? `<c r="${at}"><v>${value}</v></c>` : `<c r="${at}" t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;
    const row = (cells: (string | number)[], n: number) =>
        `<row r="${n}">${cells.map((value, column) => (value === "" ? "" : cell(value, `${LETTERS[column]}${n}`))).join("")}</row>`;
    const sheet = rows.map((cells, n) => row(cells, n + 1)).join("");
    return zip({
        "[Content_Types].xml": `<Types xmlns="${of("package/2006/content-types")}"/>`,
        "_rels/.rels": relations("r0", "officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${relation}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
        "xl/_rels/workbook.xml.rels": relations("r1", "worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
    });
}

/** The columns. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** One entry as it is written, true or not. Only the name must be given. */
export interface Entry {
    name: string | Buffer;
    data?: Buffer | string;
    /** 0: stored; 8: deflated. */
    method?: number;
    flags?: number;
    /** Of Unix: which kind of file it is, and its permissions. */
    mode?: number;
    /** The unpacked size that the zip says. */
    says?: number;
    /** The extra field of the directory. */
    extra?: Buffer;
}

/** A zip of these entries, which may lie. */
export function raw(entries: Entry[]): Buffer {
    const files: Buffer[] = [];
    const directory: Buffer[] = [];
    let offset = 0;
    for (const { name, data = "x", method = 0, flags = 0, mode = 0, says, extra = Buffer.alloc(0) } of entries) {
        const path = Buffer.from(name as string);
        const content = Buffer.from(data as string);
        const packed = method === 8 ? deflateRawSync(content) : content;
        // Version 2.0, no time.
        const head = [u16(20), u16(flags), u16(method), u32(0x00210000), u32(crc32(content) >>> 0)];
        head.push(u32(packed.length), u32(says ?? content.length), u16(path.length));
        const file = Buffer.concat([u32(0x04034b50), ...head, u16(0), path, packed]);
        const where = [u16(extra.length), Buffer.alloc(6), u32(mode << 16), u32(offset)];
        directory.push(u32(0x02014b50), u16(0x0314), ...head, ...where, path, extra);
        files.push(file);
        offset += file.length;
    }
    const central = Buffer.concat(directory);
    const n = u16(entries.length);
    const end = [u32(0x06054b50), u32(0), n, n, u32(central.length), u32(offset), u16(0)];
    return Buffer.concat([...files, central, ...end]);
}

const u16 = (n: number) => Buffer.from(Uint16Array.of(n).buffer);
const u32 = (n: number) => Buffer.from(Uint32Array.of(n >>> 0).buffer);
