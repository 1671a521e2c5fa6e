import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";

/** What nobody packs: it is refused, or made anew. */
const LEFT_OUT = ["node_modules", "build", "dist", "www"];

/** A real application of `fixtures`, as a person would pack it. */
export function fixture(name: string): Buffer {
    const root = join(import.meta.dirname, "..", "fixtures", name);
    const files: Record<string, Buffer> = {};
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

/** A zip of these files. */
export function zip(files: Record<string, Buffer | string>): Buffer {
    const entries = Object.entries(files).map(([name, content]) => entry(name, Buffer.from(content as string)));
    let offset = 0;
    const directory = entries.map(({ head, body }) => {
        const record = Buffer.concat([u32(0x02014b50), u16(0x0314), head, Buffer.alloc(6), u32(0o100644 << 16), u32(offset), body.name]);
        offset += 4 + head.length + body.name.length + body.data.length;
        return record;
    });
    const files_ = entries.map(({ head, body }) => Buffer.concat([u32(0x04034b50), head, body.name, body.data]));
    const central = Buffer.concat(directory);
    const n = u16(entries.length);
    const end = Buffer.concat([u32(0x06054b50), u32(0), n, n, u32(central.length), u32(offset), u16(0)]);
    return Buffer.concat([...files_, central, end]);
}

function entry(path: string, content: Buffer) {
    const name = Buffer.from(path, "utf8");
    const data = deflateRawSync(content);
    const sizes = [u32(crc32(content) >>> 0), u32(data.length), u32(content.length), u16(name.length), u16(0)];
    // Version 2.0, names in UTF-8, deflated, no time.
    const head = Buffer.concat([u16(20), u16(0x0800), u16(8), u32(0x00210000), ...sizes]);
    return { head, body: { name, data } };
}

const u16 = (n: number) => Buffer.from(Uint16Array.of(n).buffer);
const u32 = (n: number) => Buffer.from(Uint32Array.of(n >>> 0).buffer);
