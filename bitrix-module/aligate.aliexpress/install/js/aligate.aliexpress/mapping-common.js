/** What holds for every category: language, templates, prices, constants, and attributes that were mapped for all. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var PANES = A.mappingPanes = A.mappingPanes || {};

	PANES.common = function (app, pane) {
		pane.appendChild(A.node('p', {}, app.say('LOADING')));
		app.run('common', {version: app.version}).then(function (answer) {
			A.clear(pane);
			show(app, pane, answer);
		}, function (error) {
			A.clear(pane);
			pane.appendChild(app.fault(error));
		});
	};

	function heading(text) {
		return A.node('tr', {className: 'heading'}, A.node('td', {colSpan: 2}, text));
	}

	/** `1.1500` as people write it. */
	function plain(factor) {
		return String(factor).indexOf('.') < 0 ? String(factor) : String(factor).replace(/\.?0+$/, '');
	}

	function languages(app, selected) {
		return A.choice(app.data.languages.map(function (code) {
			var name = app.phrases['LANGUAGE_' + code.toUpperCase()];
			return [code, name ? name + ' (' + code + ')' : code];
		}), selected);
	}

	function show(app, pane, answer) {
		var said = A.node('div', {className: 'aligate-said'});
		var form = A.node('table', {className: 'aligate-form'});
		var dropped = [];
		function touch() {
			A.clear(said);
			app.isDirty = app.canAct;
		}
		form.addEventListener('change', touch);
		var language = languages(app, answer.language);
		var templates = A.mappingTemplates(app, {title: answer.title, description: answer.description}, null);
		var price = answer.price;
		var percent = price.discount && typeof price.discount === 'object' ? price.discount.percent : '';
		var controls = {
			factor: A.node('input', {type: 'text', value: plain(price.factor || '1')}),
			rounding: A.choice([['nearest', app.say('ROUND_NEAREST')], ['up', app.say('ROUND_UP')], ['down', app.say('ROUND_DOWN')]], price.rounding || 'nearest'),
			step: A.node('input', {type: 'text', value: price.step || '', placeholder: '0.01'}),
			floor: A.node('input', {type: 'text', value: price.floor || ''}),
			discount: A.choice([['shop', app.say('DISCOUNT_SHOP')], ['none', app.say('DISCOUNT_NONE')], ['percent', app.say('DISCOUNT_PERCENT')]],
				percent !== '' ? 'percent' : (price.discount || 'shop')),
			percent: A.node('input', {type: 'text', value: String(percent), size: 3})
		};
		Object.keys(controls).forEach(function (name) {
			controls[name].setAttribute('data-field', name);
		});
		language.setAttribute('data-field', 'language');
		controls.discount.onchange = function () {
			controls.percent.style.display = controls.discount.value === 'percent' ? '' : 'none';
		};
		controls.discount.onchange();
		var settings = A.mappingSettings(app, answer.settings, null, answer.choices, null);

		form.appendChild(heading(app.say('COMMON_LISTING')));
		form.appendChild(A.mappingLabelled(app, 'LANGUAGE', language, app.say('LANGUAGE_HINT')));
		templates.rows.forEach(append);
		form.appendChild(heading(app.say('COMMON_PRICE')));
		form.appendChild(A.mappingLabelled(app, 'PRICE_TYPE', A.node('span', {}, app.data.priceType + ' ',
			A.node('a', {href: app.data.settingsUrl}, app.say('PRICE_TYPE_CHANGE')))));
		form.appendChild(A.mappingLabelled(app, 'PRICE_FACTOR', controls.factor, app.say('PRICE_FACTOR_HINT')));
		form.appendChild(A.mappingLabelled(app, 'PRICE_ROUNDING', A.node('span', {}, controls.rounding, ' ' + app.say('PRICE_STEP') + ' ', controls.step)));
		form.appendChild(A.mappingLabelled(app, 'PRICE_FLOOR', controls.floor, app.say('PRICE_FLOOR_HINT')));
		form.appendChild(A.mappingLabelled(app, 'PRICE_DISCOUNT', A.node('span', {}, controls.discount, ' ', controls.percent)));
		form.appendChild(heading(app.say('COMMON_PACKAGE')));
		settings.rows.forEach(append);
		form.appendChild(heading(app.say('COMMON_ATTRIBUTES')));
		form.appendChild(A.node('tr', {}, A.node('td', {colSpan: 2}, attributes())));
		pane.appendChild(form);
		if (app.canAct) {
			pane.appendChild(A.node('p', {className: 'aligate-buttons'}, A.button(app.say('SAVE'), save, true)));
		}
		pane.appendChild(said);
		if (app.notice) {
			said.appendChild(A.node('p', {className: 'aligate-good'}, app.notice));
			app.notice = '';
		}

		function append(row) {
			form.appendChild(row);
		}
		function attributes() {
			if (!answer.attributes.length) {
				return A.node('p', {className: 'aligate-note'}, app.say('COMMON_ATTRIBUTES_NONE'));
			}
			return A.table([app.say('ATTRIBUTE'), app.say('SOURCE'), app.say('VALUES'), ''], answer.attributes.map(function (one) {
				var line = one.line;
				var from = line.property ? app.say('SOURCE_PROPERTY') + ' ' + line.property : line.brand ? app.say('SOURCE_BRAND')
					: line.value_id ? app.say('SOURCE_VALUE') + ' #' + line.value_id : app.say('SOURCE_TEXT') + ' ' + (line.text || '');
				var drop = !app.canAct ? '' : A.button(app.say('TAKE_AWAY_SHORT'), function () {
					dropped.push({id: one.id, sku: one.sku});
					touch();
					drop.disabled = true;
					drop.parentNode.parentNode.className = 'aligate-dropped';
				});
				return [one.name, from, one.pairs, drop];
			}));
		}
		function save() {
			var given = {language: language.value, title: templates.title.value, description: templates.description.value,
				settings: settings.read(), price: {}, drop: dropped};
			Object.keys(controls).forEach(function (name) {
				given.price[name] = controls[name].value;
			});
			A.clear(said);
			said.appendChild(A.node('p', {}, app.say('SAVING')));
			app.on('saveCommon', {form: JSON.stringify(given)}).then(function () {
				app.notice = app.say('SAVED');
				app.go('common');
			}, function (error) {
				A.clear(said);
				said.appendChild(app.fault(error));
				A.mappingMark(pane, error);
			});
		}
	}
}());
