// What every script of the browser begins and ends with: a browser, the site's address, pictures where they are wanted.

import { join } from 'node:path';
import { Chromium } from './chromium.mjs';

/** Runs what a person does; anything that fails, or that the page complains of, ends with exit code 1 and says what. */
export async function person(does) {
	const told = JSON.parse(process.argv[2]);
	const browser = await Chromium.start();
	const it = {
		browser,
		told,
		page: (name, language = 'ru') => `${told.url}/bitrix/admin/aligate_aliexpress_${name}.php?lang=${language}`,
		picture: async (name, height) => told.pictures && browser.picture(join(told.pictures, `${name}.png`), 1280, height),
		expect: (what, is) => {
			if (!is) {
				throw new Error(`not so: ${what}`);
			}
		},
	};
	try {
		await does(it);
		it.expect(`the page complains of nothing: ${browser.complaints.join('; ')}`, browser.complaints.length === 0);
	} catch (error) {
		console.log(error.stack, browser.complaints);
		await it.picture('failed');
		process.exitCode = 1;
	} finally {
		await browser.stop();
	}
}
