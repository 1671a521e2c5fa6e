import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

/** Figures, not tests: `cargo xtask bench --screens`; of one server. */
export default defineConfig(tests, {
    testDir: "./bench",
    testMatch: /\.bench\.ts$/,
    workers: 1,
    timeout: 10 * 60_000,
    use: { trace: "off" },
    projects: [{ name: "bench", use: { viewport: { width: 1440, height: 900 } } }],
});
