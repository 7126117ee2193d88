// What goes wrong: a name that looks like markup, a field that is no number, a template of nothing, and somebody who was faster.

import { person } from './person.mjs';

await person(async ({ browser, told, page, picture, expect }) => {
	await browser.open(page('mapping'));
	await browser.text('<img src=x onerror="window.hacked=1">');
	expect('a name of the shop is a text', !(await browser.run(() => window.hacked || document.querySelector('.aligate-table img'))));

	await browser.type('.aligate-filter input[type=search]', 'футбол');
	await browser.until(() => document.querySelectorAll('.aligate-table tbody tr').length === 1);
	await browser.click('Выбрать категорию', '.aligate-table');
	await browser.until(() => {
		const again = [...document.querySelectorAll('.aligate-dialog input[type=button]')].find((one) => one.value === 'Повторить');
		again?.click();
		return document.querySelector('.aligate-list .aligate-row');
	});
	await browser.type('.aligate-dialog input[type=search]', 'футболки');
	await browser.until(() => document.querySelectorAll('.aligate-list .aligate-row').length === 1);
	await browser.click('Футболки', '.aligate-list');
	await browser.text('Осталось заполнить обязательных: 3');

	// A field that is no number is marked, in the part of the form that was closed.
	await browser.type('[data-field=length_cm]', 'тридцать');
	await browser.click('Сохранить', '.aligate-buttons');
	await browser.text('Поле заполнено неверно');
	expect('the field is marked and seen', await browser.run(() => document.querySelector('[data-field=length_cm]').className === 'aligate-wrong'
		&& document.querySelector('details').open));

	// What the gateway refuses is said with its place.
	await browser.type('[data-field=length_cm]', '701');
	await browser.type('[data-field=title]', '{nmae}');
	await browser.click('Сохранить', '.aligate-buttons');
	await browser.text('Шлюз не принял сопоставление');
	await browser.text('Одежда / Футболки, Название: {nmae} ничего не обозначает');
	await browser.text('Одежда / Футболки, Длина, см: от 1 до 700 см');
	expect('both fields are marked', await browser.run(() => document.querySelectorAll('.aligate-wrong').length === 2));
	await picture('faults-1-refused', 1400);
	await browser.type('[data-field=length_cm]', '30');
	await browser.type('[data-field=title]', '');

	// Another window saves meanwhile: nothing is lost, nothing overwritten.
	const action = (name, data) => browser.run((which, given) => BX.ajax.runAction(`aligate:aliexpress.mapping.${which}`, { data: given })
		.then((answer) => answer.data), name, { connection: 1, language: 'ru', ...data });
	const { version } = await action('open', {});
	await action('saveCommon', { version, form: JSON.stringify({ language: 'ru', settings: { lead_time_days: '7' } }) });
	await browser.click('Принять все предложения');
	await browser.click('Сохранить', '.aligate-buttons');
	await browser.text('Кто-то другой изменил сопоставление');
	await picture('faults-2-changed', 1400);
	const kept = await action('common', { version: version + 1 });
	expect('what the other saved stands', kept.settings.lead_time_days === 7 && kept.attributes.length === 0);
	await browser.click('Загрузить заново');
	await browser.text('Осталось заполнить обязательных: 3');
	await browser.click('Принять все предложения');
	await browser.click('Сохранить', '.aligate-buttons');
	await browser.text('Сохранено');
	await browser.text('Все обязательные заполнены');

	// Who leaves what is not saved is asked; the answer here is yes.
	await browser.type('[data-field=length_cm]', '31');
	await browser.click('Проверка', '.aligate-tabs');
	await browser.text('ничего не отправляет на AliExpress');
	expect(`it was asked: ${browser.asked}`, browser.asked.splice(0).join() === 'Изменения на этой странице не сохранены. Уйти без них?');

	// Many sections at once: all that the filter finds, after a question; with a name that looks like markup.
	await browser.click('Разделы', '.aligate-tabs');
	await browser.type('.aligate-filter input[type=search]', '');
	await browser.text('onerror');
	await browser.click('Выбрать категорию', '.aligate-bulk');
	await browser.type('.aligate-dialog input[type=search]', 'сковороды для');
	await browser.until(() => document.querySelectorAll('.aligate-list .aligate-row').length === 1);
	await browser.click('Сковороды', '.aligate-list');
	await browser.text('У всех разделов с товарами есть категория');
	expect(`it was asked: ${browser.asked}`, browser.asked.length === 1 && browser.asked[0].includes('(1)'));
	await browser.run(() => { document.querySelector('.aligate-filter select').value = 'all'; document.querySelector('.aligate-filter select').onchange(); });
	// What was said of the brand for every category holds here, too.
	await browser.until(() => document.querySelectorAll('.aligate-table .aligate-good').length === 2);
	await picture('faults-3-sections');
	// A gateway that nobody answers for is said at once, on both pages, and nothing of the page is lost.
	await browser.open(`${page('mapping')}&connection=2`);
	await browser.text('Шлюз не отвечает');
	expect('and can be asked again', await browser.run(() => document.querySelector('input[value="Повторить"]') !== null));
	await picture('faults-4-away');
	await browser.open(`${page('listings')}&connection=2`);
	await browser.text('Ошибка:');
	expect('still nothing ran', !(await browser.run(() => window.hacked)));
	expect('the section is one that the script was told', /^\d+$/.test(told.section));
});
