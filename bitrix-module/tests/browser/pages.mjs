// Every page opens in both languages with nothing but text of its language, and complains of nothing.

import { person } from './person.mjs';

await person(async ({ browser, page, picture, expect }) => {
	for (const language of ['ru', 'en']) {
		for (const name of ['status', 'mapping', 'listings', 'export', 'log']) {
			await browser.open(page(name, language));
			await browser.until(() => document.querySelector('#adm-workarea').innerText.trim().length > 10
				&& !/Загрузка|Loading|Спрашиваем|Asking/.test(document.body.innerText));
			await picture(`page-${name}-${language}`);
			const text = await browser.run(() => document.body.innerText);
			expect(`${name} ${language} has phrases: ${text.slice(0, 300)}`, !/\b[A-Z]{3,}_[A-Z_]{2,}\b|undefined|\[object/.test(text));
			const hasCyrillic = /[а-яё]/i.test(text.replace(/Одежда|Футболки|Рубашки/g, ''));
			expect(`${name} ${language} speaks its language`, hasCyrillic === (language === 'ru'));
		}
	}
	await browser.open(page('mapping', 'en'));
	await browser.text('Begin here');
	await browser.click('Common settings', '.aligate-tabs');
	await browser.text('Attributes of every category');
	await browser.click('Check', '.aligate-tabs');
	await browser.text('sends nothing to AliExpress');

	// Who may only look is told so and finds no button that changes something.
	await browser.run(() => { document.cookie = 'user=2; path=/'; });
	await browser.open(page('mapping', 'en'));
	await browser.text('You may only look');
	await browser.text('not chosen');
	expect('no button to change', !(await browser.run(() => document.querySelector('.aligate-table input, .aligate-bulk input'))));
	const refused = await browser.run(() => BX.ajax.runAction('aligate:aliexpress.mapping.assign', { data: {
		connection: 1, language: 'en', version: 0, sections: '["1"]', filter: '{}', category: 348 } }).then(() => 'taken', (answer) => answer.errors[0].code));
	expect(`a reader changes nothing: ${refused}`, refused === 'right_missing');
});
