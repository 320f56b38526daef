// SPDX-License-Identifier: BSD-2-Clause
// Opens reports in headless Chromium and prints what it saw as one JSON object a report.
// browser.js MODULES CHROMIUM FILE.html... : also FILE-light.png, -dark.png, -narrow.png, .pdf
"use strict";
const path = require("path");
const { createRequire } = require("module");
const [modules, chromium, ...files] = process.argv.slice(2);
const puppeteer = createRequire(path.resolve(modules) + "/x.js")("puppeteer-core");

// Counted in the page itself, from before its first script.
function watch() {
	window.violations = [];
	document.addEventListener("securitypolicyviolation", (event) => {
		window.violations.push(event.violatedDirective + " " + event.blockedURI);
	});
}

function look() {
	const all = (what) => document.querySelectorAll(what).length;
	const style = getComputedStyle(document.body);
	const overlaps = [];

	for (const svg of document.querySelectorAll("svg.chart")) {
		const boxes = Array.from(svg.querySelectorAll("text")).map((text) => text.getBoundingClientRect());
		const outer = svg.getBoundingClientRect();

		boxes.forEach((a, i) => {
			if (a.left < outer.left - 1 || a.right > outer.right + 1)
				overlaps.push("outside: " + svg.querySelectorAll("text")[i].textContent);
			boxes.slice(i + 1).forEach((b) => {
				if (a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)
					overlaps.push(svg.querySelectorAll("text")[i].textContent);
			});
		});
	}
	return {
		violations: window.violations, pwned: typeof window.pwned, images: all("img"), frames: all("iframe"),
		scripts: all("script"), handlers: all("[onerror],[onclick],[onload],[style]"),
		unnamed: all("svg.chart:not(:has(title))"), charts: all("svg.chart"), tables: all("figure details.data table"),
		copies: all("button.copy:not([hidden])"), text: document.body.innerText, overlaps: overlaps,
		wide: document.documentElement.scrollWidth > window.innerWidth, background: style.backgroundColor,
		resources: performance.getEntriesByType("resource").length,
		data: JSON.parse(document.getElementById("data").textContent).length,
	};
}

const column = (page, n) => page.$$eval("table.findings tbody tr", (rows, at) =>
	rows.map((row) => row.cells[at].textContent), n);

async function sortAndCopy(page) {
	const seen = { before: await column(page, 0) };

	if (!(await page.$("table.findings")))
		return seen;
	await page.focus("table.findings thead th:first-child button");
	await page.keyboard.press("Enter");
	seen.ascending = await column(page, 0);
	seen.aria = await page.$eval("table.findings thead th", (th) => th.getAttribute("aria-sort"));
	await page.keyboard.press("Space");
	seen.descending = await column(page, 0);
	await page.click("table.findings thead th:nth-child(3) button");
	seen.kinds = await column(page, 2);
	await page.click("table.findings thead th:nth-child(1) button");
	seen.wanted = await page.$$eval(".next code", (codes) => codes.map((code) => code.textContent));
	seen.copied = [];
	for (const button of await page.$$("button.copy")) {
		await button.focus();
		await page.keyboard.press("Enter");
		await page.waitForFunction((b) => b.textContent !== "Copy", { polling: 20 }, button);
		seen.copied.push(await page.evaluate(() => navigator.clipboard.readText()));
		if (seen.copied.length === 8)
			break;
	}
	seen.said = await page.$eval("#said", (p) => p.textContent);
	return seen;
}

async function shoot(page, base) {
	await page.waitForFunction(() => // buttons say "Copy" again
		Array.from(document.querySelectorAll("button.copy")).every((b) => b.textContent === "Copy"));
	await page.evaluate(() => { document.activeElement.blur(); window.scrollTo(0, 0); });
	await page.screenshot({ path: base + "-light.png", fullPage: true });
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
	const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	await page.screenshot({ path: base + "-dark.png", fullPage: true });
	await page.pdf({ path: base + ".pdf", format: "A4", printBackground: true });
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
	await page.setViewport({ width: 420, height: 900 });
	const narrow = await page.evaluate(look);
	await page.screenshot({ path: base + "-narrow.png", fullPage: true });
	await page.setViewport({ width: 1280, height: 900 });
	return { dark: dark, narrow: narrow.wide };
}

async function visit(browser, file) {
	const page = await browser.newPage(), messages = [], requests = [], url = "file://" + path.resolve(file);

	page.on("console", (message) => messages.push(message.type() + ": " + message.text()));
	page.on("pageerror", (error) => messages.push("error: " + error.message));
	page.on("request", (request) => requests.push(request.url()));
	page.setDefaultTimeout(120000);
	await page.setViewport({ width: 1280, height: 900 });
	await page.evaluateOnNewDocument(watch);
	await page.goto(encodeURI(url).replace(/\?/g, "%3F").replace(/#/g, "%23"), { waitUntil: "load" });
	const seen = Object.assign({ file: file, messages: messages, requests: requests.length }, await page.evaluate(look));
	if (!/spoilt/.test(file))
		Object.assign(seen, await sortAndCopy(page), await shoot(page, file.replace(/\.html$/, "")));
	await page.setJavaScriptEnabled(false);
	await page.reload();
	seen.hiddenWithoutScript = await page.$$eval("button.copy", (all) => all.filter((b) => !b.hidden).length)
		.catch(() => -1);
	await page.close();
	return seen;
}

(async () => {
	const browser = await puppeteer.launch({
		executablePath: chromium, headless: true,
		args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
	const context = browser.defaultBrowserContext();

	await context.overridePermissions("file:///", ["clipboard-read", "clipboard-write"]).catch(() => {});
	try {
		for (const file of files)
			process.stdout.write(JSON.stringify(await visit(browser, file)) + "\n");
	} finally {
		await browser.close();
	}
})().catch((error) => {
	process.stderr.write(error.stack + "\n");
	process.exit(1);
});
