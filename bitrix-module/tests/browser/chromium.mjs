// Drives a real Chromium without any package: the DevTools protocol over a pipe, one page at a time.

import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const WAIT_MS_MAX = 60_000;
const LOOK_EVERY_MS = 50;

/** The browser of this machine. */
function program() {
	for (const name of ['chromium', 'google-chrome', 'chromium-browser']) {
		for (const folder of (process.env.PATH ?? '').split(delimiter)) {
			try {
				accessSync(join(folder, name), constants.X_OK);
				return join(folder, name);
			} catch {
				// Not here.
			}
		}
	}
	throw new Error('no Chromium is installed: tests/install-tools.sh installs one');
}

export class Chromium {
	#process;
	#folder;
	#last = 0;
	#waiting = new Map();
	#session = '';
	#rest = '';
	/** What the page complained of: exceptions and errors of the console. */
	complaints = [];
	/** Text that a confirmation asked, newest last; each is answered with yes. */
	asked = [];

	static async start() {
		const it = new Chromium();
		it.#folder = mkdtempSync(join(tmpdir(), 'aligate-chromium-'));
		it.#process = spawn(program(), ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server',
			'--no-first-run', '--disable-extensions', '--disable-background-networking', '--hide-scrollbars', '--force-color-profile=srgb',
			`--user-data-dir=${it.#folder}`, '--remote-debugging-pipe', 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
		it.#process.stdio[4].on('data', (bytes) => it.#take(bytes.toString('utf8')));
		const { targetInfos } = await it.#send('Target.getTargets', {}, false);
		const page = targetInfos.find((target) => target.type === 'page');
		const { sessionId } = await it.#send('Target.attachToTarget', { targetId: page.targetId, flatten: true }, false);
		it.#session = sessionId;
		for (const domain of ['Page', 'Runtime', 'Log']) {
			await it.#send(`${domain}.enable`);
		}
		return it;
	}

	#take(text) {
		const pieces = (this.#rest + text).split('\0');
		this.#rest = pieces.pop();
		for (const piece of pieces) {
			const message = JSON.parse(piece);
			if (message.id) {
				const { resolve, reject } = this.#waiting.get(message.id);
				this.#waiting.delete(message.id);
				message.error ? reject(new Error(message.error.message)) : resolve(message.result);
			} else {
				this.#hear(message.method, message.params);
			}
		}
	}

	#hear(method, params) {
		if (method === 'Runtime.exceptionThrown') {
			this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
		} else if (method === 'Log.entryAdded' && params.entry.level === 'error' && !/favicon/.test(params.entry.url ?? '')) {
			this.complaints.push(`${params.entry.text} ${params.entry.url ?? ''}`);
		} else if (method === 'Page.javascriptDialogOpening') {
			this.asked.push(params.message);
			this.#send('Page.handleJavaScriptDialog', { accept: true });
		}
	}

	#send(method, params = {}, inPage = true) {
		const id = ++this.#last;
		const message = { id, method, params, ...(inPage ? { sessionId: this.#session } : {}) };
		this.#process.stdio[3].write(`${JSON.stringify(message)}\0`);
		return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
	}

	async open(url) {
		await this.#send('Page.navigate', { url });
		await this.until(() => document.readyState === 'complete' && location.href !== 'about:blank');
	}

	/** The value of a function in the page; its arguments are plain data. */
	async run(body, ...given) {
		const expression = `(${body})(${given.map((one) => JSON.stringify(one)).join(',')})`;
		const { result, exceptionDetails } = await this.#send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
		if (exceptionDetails) {
			throw new Error(`${exceptionDetails.exception?.description ?? exceptionDetails.text} in ${expression.slice(0, 200)}`);
		}
		return result.value;
	}

	/** Waits until a function in the page has a value that counts, and gives it. */
	async until(body, ...given) {
		const end = Date.now() + WAIT_MS_MAX;
		for (;;) {
			let value;
			try {
				value = await this.run(body, ...given);
			} catch (error) {
				if (Date.now() > end) {
					throw error;
				}
			}
			if (value) {
				return value;
			}
			if (Date.now() > end) {
				const text = await this.run(() => document.body.innerText.slice(0, 1500));
				throw new Error(`waited in vain for ${body} ${JSON.stringify(given)}; the page says:\n${text}`);
			}
			await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
		}
	}

	/** Waits for a text anywhere on the page. */
	text(text) {
		return this.until((wanted) => document.body.innerText.includes(wanted), text);
	}

	/** Waits for a button, link, option or label with this text, inside of `within` where given, and clicks it. */
	click(text, within = 'body') {
		return this.until((wanted, scope) => {
			const all = [...document.querySelectorAll(scope)].flatMap((one) =>
				[...one.querySelectorAll('input[type=button], button, a, label, summary')]);
			const found = all.find((one) => ((one.value && one.type === 'button' ? one.value : one.innerText) || '').includes(wanted) && !one.disabled
				&& one.offsetParent !== null);
			found?.click();
			return Boolean(found);
		}, text, within);
	}

	/** Types into a field, as a person does as far as scripts can tell. */
	type(selector, text) {
		return this.until((where, what) => {
			const field = document.querySelector(where);
			if (!field) {
				return false;
			}
			field.focus();
			field.value = what;
			field.dispatchEvent(new Event('input', { bubbles: true }));
			field.dispatchEvent(new Event('change', { bubbles: true }));
			return true;
		}, selector, text);
	}

	async picture(file, width = 1280, height = 900) {
		await this.#send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
		const { data } = await this.#send('Page.captureScreenshot', { format: 'png' });
		writeFileSync(file, Buffer.from(data, 'base64'));
	}

	async stop() {
		const ended = new Promise((resolve) => this.#process.once('close', resolve));
		this.#process.kill('SIGKILL');
		await ended;
		// Its children write for a moment after it is gone, and rmSync does not try again for what they leave.
		for (let tries = 50; ; tries -= 1) {
			try {
				rmSync(this.#folder, { recursive: true, force: true });
				return;
			} catch (error) {
				if (tries === 0) {
					throw error;
				}
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
		}
	}
}
