import { defineConfig, devices } from "@playwright/test";

// The browser is the system's (Debian's by default): Playwright downloads none.
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell";
const asRoot = process.getuid?.() === 0;

export default defineConfig({
    testDir: ".",
    fullyParallel: true,
    workers: 2,
    forbidOnly: process.env["CI"] !== undefined,
    reporter: "list",
    // Long for a person, but not for two browsers on two cores of a slow machine.
    timeout: 60_000,
    expect: { timeout: 10_000 },
    use: {
        locale: "zh-CN",
        timezoneId: "Asia/Shanghai",
        // A trace takes a quarter of the time again: `--trace retain-on-failure` where one is looked for.
        trace: "off",
        launchOptions: {
            executablePath,
            args: [
                ...(asRoot ? ["--no-sandbox"] : []),
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        },
    },
    projects: [
        { name: "desk", use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } } },
        {
            name: "phone",
            grep: /@phone/,
            use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
        },
    ],
});
