import { createHmac } from "node:crypto";
import { type Page } from "@playwright/test";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A code is for so long. Milliseconds. */
export const STEP = 30_000;

/** What an authenticator shows that was given this secret (RFC 6238). */
export function shows(secret: string, at = Date.now()): string {
    const bits = [...secret].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigInt64BE(BigInt(Math.floor(at / STEP)));
    const digest = createHmac("sha1", key).update(counter).digest();
    const number = digest.readUInt32BE((digest[19] ?? 0) & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
}

/** The secret that the page of an activation offers, as it is typed. */
export async function offered(page: Page): Promise<string> {
    const text = await page.locator(".account-link code").textContent();
    return (text ?? "").replaceAll(" ", "");
}
