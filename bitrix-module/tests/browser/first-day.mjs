// A seller with nothing mapped: category, attributes, values, common settings, check. Then a second look in English.

import { person } from './person.mjs';

await person(async ({ browser, told, page, picture, expect }) => {
	await browser.open(page('mapping'));
	await browser.text('Начните здесь');
	await browser.text('готово 0 из');
	await browser.text('Одежда / Футболки');
	await picture('mapping-1-nothing');

	// The section without products is not asked for, until it is wanted.
	expect('no section without products', !(await browser.run(() => document.body.innerText.includes('Рубашки'))));
	await browser.click('только с товарами');
	await browser.text('Рубашки');

	await browser.type('.aligate-filter input[type=search]', 'футбол');
	await browser.until(() => document.querySelectorAll('.aligate-table tbody tr').length === 1);
	await browser.click('Выбрать категорию', '.aligate-table');
	// The gateway reads the tree when it is first asked for.
	await browser.until(() => {
		const again = [...document.querySelectorAll('.aligate-dialog input[type=button]')].find((one) => one.value === 'Повторить');
		again?.click();
		return document.querySelector('.aligate-list .aligate-row');
	});
	await browser.click('Одежда и аксессуары', '.aligate-list');
	await browser.click('Мужская одежда', '.aligate-list');
	await browser.text('Футболки');
	await picture('mapping-2-tree');
	await browser.type('.aligate-dialog input[type=search]', 'футболки');
	await browser.until(() => document.querySelectorAll('.aligate-list .aligate-row').length === 1);
	await browser.run(() => document.querySelector('.aligate-dialog-close').click());

	await browser.click('Выбрать категорию', '.aligate-table');
	await browser.text('AliExpress предлагает');
	await picture('mapping-3-proposal');
	await browser.click('Футболки', '.aligate-proposed');

	// The form of the section opens by itself, with what is missing first and what the names suggest.
	await browser.text('Осталось заполнить обязательных: 3');
	await browser.text('Категория AliExpress: Одежда и аксессуары / Мужская одежда / Футболки');
	await browser.text('Предложение: материал [FABRIC]');
	await browser.text('Предложение: SIZE [SIZE]');
	await picture('mapping-4-attributes');
	await browser.click('Принять все предложения');
	await browser.text('Все обязательные заполнены');
	await browser.click('Сохранить', '.aligate-buttons');
	await browser.text('Сохранено');
	await picture('mapping-5-saved', 1100);

	// Values: what is named alike matches by itself, the rest by a rule or by hand.
	await browser.click('Сопоставить (пар: 0)', '.aligate-table tbody tr:nth-child(2)');
	await browser.text('Всего значений: ');
	const before = await browser.run(() => document.querySelector('.aligate-counts').innerText);
	await browser.click('Сопоставить по названиям');
	await browser.text('Найдено и сохранено пар');
	await browser.until((old) => document.querySelector('.aligate-counts').innerText !== old, before);
	await picture('mapping-6-values');
	// Silk and merino are both wool here: two values of the shop for one of AliExpress.
	await browser.text('<b>Шёлк</b>');
	await browser.run(() => document.querySelectorAll('.aligate-table thead input').forEach((box) => box.click()));
	await browser.text('Выбрано значений: 2');
	await browser.click('Выбрать значение AliExpress');
	await browser.type('.aligate-dialog input[type=search]', 'шерсть');
	await browser.until(() => document.querySelectorAll('.aligate-list .aligate-row').length === 1);
	await browser.click('Шерсть', '.aligate-list');
	await browser.click('Сохранить пары (2)');
	await browser.text('Пары сохранены: 2');
	await browser.text('Все значения сопоставлены');
	await browser.click('К характеристикам');
	await browser.click('Сопоставить (пар: 0)', '.aligate-table tbody tr:nth-child(3)');
	await browser.text('Футболки: Цвет');
	await browser.click('Сопоставить по названиям');
	await browser.text('Найдено и сохранено пар: 1');
	await browser.text('парами: 1, уйдут своими словами: 0, не сопоставлены: 1');

	// Before the common settings are there the check says what is missing, with the cards.
	await browser.open(`${page('mapping')}#check`);
	await browser.click('Проверить', '.aligate-pane');
	await browser.text('Можно отправлять: 0 из');
	await browser.text('Футболка 0');
	await picture('mapping-7-check', 1100);
	const link = await browser.run(() => document.querySelector('.aligate-cause li a').getAttribute('href'));
	expect(`a product's card: ${link}`, /^\/bitrix\/admin\/iblock_element_edit\.php\?IBLOCK_ID=\d+&type=catalog&ID=\d+&lang=ru&/.test(link));

	await browser.click('Общие настройки', '.aligate-tabs');
	for (const [field, value] of [['weight_kg', '0,3'], ['length_cm', '30'], ['width_cm', '20'], ['height_cm', '3'], ['lead_time_days', '3']]) {
		await browser.type(`[data-field=${field}]`, value);
	}
	await browser.type('[data-field=freight_template_id]', await browser.run(() => document.querySelector('[data-field=freight_template_id] option:nth-child(2)').value));
	await browser.type('[data-field=factor]', '1.15');
	await picture('mapping-8-common', 1500);
	await browser.click('Сохранить', '.aligate-buttons');
	await browser.text('Сохранено');
	expect('the factor is shown as it was typed', (await browser.run(() => document.querySelector('[data-field=factor]').value)) === '1.15');

	await browser.open(`${page('mapping', 'en')}#check`);
	await browser.click('Check', '.aligate-pane');
	// A product that is being published at this very moment may be passed over by a check: then it is made once more.
	await browser.until(() => {
		const isThere = document.body.innerText.includes('Ready to be sent: 3 of 4 products');
		if (!isThere && document.body.innerText.includes('Ready to be sent')) {
			[...document.querySelectorAll('.aligate-pane input[type=button]')].find((one) => one.value === 'Check' && !one.disabled)?.click();
		}
		return isThere;
	});
	await browser.text('Products whose section has no category: 1');
	await picture('mapping-9-check-en', 1100);

	await browser.open(`${page('mapping', 'en')}#section-${told.section}`);
	await browser.text('All mandatory ones are filled');
	await browser.text('Category of AliExpress: Apparel & Accessories / Men\'s Clothing / T-Shirts');
	await picture('mapping-10-section-en', 1100);
	// Properties that fill nothing yet, and one of them filled from its side.
	await browser.click('Properties', '.aligate-tabs');
	await browser.text('материал [FABRIC]');
	await browser.run(() => { const all = document.querySelectorAll('.aligate-filter select'); all[2].value = 'unused'; all[2].onchange(); });
	await browser.until(() => !document.body.innerText.includes('FABRIC') && document.body.innerText.includes('ARTNUMBER'));
	await picture('mapping-11-properties-en');
	await browser.click('Choose an attribute', '.aligate-table tbody tr:nth-child(1)');
	await browser.click('Model Number', '.aligate-list');
	await browser.text('Properties mapped: 1');
	await browser.until(() => !document.body.innerText.includes('ARTNUMBER'));
	await browser.open(page('listings', 'en'));
	await browser.until(() => document.querySelector('.aligate-table tbody tr'));
	await picture('listings-en');
});
