/** One attribute of AliExpress: where its value comes from, for which categories that holds, and its pairs of values. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var BRAND = 2;

	A.mappingAttributeRow = function (form, attribute) {
		var app = form.app;
		var line = Object.assign({}, attribute.line || {});
		var shown = Object.assign({}, line.shown || {});
		var offered = attribute.suggestion ? Object.assign({score: 100}, attribute.suggestion) : null;
		var scope = attribute.scope || 'common';
		var element = A.node('tr', {});
		var source = A.node('td', {className: 'aligate-source'});
		var holds = A.node('td', {});
		var values = A.node('td', {});
		element.appendChild(A.node('td', {}, A.node('span', {}, attribute.name), ' ', badges()));
		[source, holds, values].forEach(function (cell) {
			element.appendChild(cell);
		});

		function badges() {
			var made = A.node('span', {className: 'aligate-badges'});
			[[attribute.required, 'REQUIRED', 'aligate-required'], [attribute.sku, 'OF_SKU', ''], [attribute.recommended && !attribute.required, 'RECOMMENDED', ''], [attribute.sometimes, 'SOMETIMES', '']]
				.forEach(function (badge) {
					if (badge[0]) {
						made.appendChild(A.node('small', {className: badge[2]}, app.say(badge[1])));
					}
				});
			return made;
		}
		function kindOf() {
			return line.property ? 'property' : line.brand ? 'brand' : line.value_id ? 'value' : line.text !== undefined && line.text !== null ? 'text' : '';
		}
		/** A text that is still to be typed is no source yet. */
		function isFilled() {
			return kindOf() !== '' && (kindOf() !== 'text' || line.text.trim() !== '');
		}
		function kinds() {
			var all = [['', app.say('SOURCE_NONE')], ['property', app.say('SOURCE_PROPERTY')]];
			if (attribute.sku) {
				return all;
			}
			if (attribute.id === BRAND) {
				all.push(['brand', app.say('SOURCE_BRAND')]);
			}
			all.push(attribute.listed ? ['value', app.say('SOURCE_VALUE')] : ['text', app.say('SOURCE_TEXT')]);
			return all;
		}
		function change(next) {
			line = next;
			form.changed[attribute.id + (attribute.sku ? 's' : '')] = Object.assign({}, next, {attribute: attribute.id, sku: attribute.sku, scope: scope});
			form.touch();
			draw();
		}
		function keeping(next) {
			['unit', 'other', 'custom_names', 'pictures'].forEach(function (name) {
				if (line[name]) {
					next[name] = line[name];
				}
			});
			return next;
		}
		function pickProperty() {
			A.pickOne(app, {
				title: app.say('PICK_PROPERTY', {NAME: attribute.name}),
				load: function (text) {
					return app.run('properties', {search: text, offers: attribute.sku ? 'Y' : 'N'});
				},
				label: function (item) {
					return item.name + ' [' + item.code + ']';
				},
				hint: function (item) {
					return item.sent ? '' : app.say('NOT_SENT_SHORT');
				},
				pick: function (item) {
					shown = {property: item.name, sent: item.sent};
					change(keeping({property: item.code}));
				}
			});
		}
		function pickValue() {
			A.pickOne(app, {
				title: app.say('PICK_VALUE', {NAME: attribute.name}),
				load: function (text) {
					return app.run('attributeValues', {category: form.answer.category, attribute: attribute.id, search: text});
				},
				label: function (item) {
					return item.name;
				},
				pick: function (item) {
					shown = {value: item.name};
					change(keeping({value_id: item.id}));
				}
			});
		}
		function choose(kind) {
			if (kind === 'property') {
				pickProperty();
			} else if (kind === 'value') {
				pickValue();
			} else if (kind === 'brand') {
				change(keeping({brand: true}));
			} else if (kind === 'text') {
				change(keeping({text: ''}));
			} else {
				change({});
			}
			draw();
		}
		function flag(name, phrase) {
			var box = A.node('input', {type: 'checkbox', checked: Boolean(line[name]), disabled: !app.canAct, onchange: function () {
				var next = Object.assign({}, line);
				next[name] = box.checked;
				change(next);
			}});
			return A.node('label', {className: 'aligate-flag'}, box, ' ' + app.say(phrase));
		}
		function drawSource() {
			A.clear(source);
			var kind = A.choice(kinds(), kindOf());
			kind.disabled = !app.canAct;
			kind.onchange = function () {
				choose(kind.value);
			};
			source.appendChild(kind);
			source.appendChild(document.createTextNode(' '));
			if (kindOf() === 'property') {
				var label = shown.property ? shown.property + ' [' + line.property + ']' : line.property;
				source.appendChild(A.node('button', {type: 'button', className: 'aligate-link', disabled: !app.canAct, onclick: pickProperty}, label));
				if (shown.property === null) {
					source.appendChild(A.node('div', {className: 'aligate-warn'}, app.say('PROPERTY_GONE')));
				} else if (shown.sent === false) {
					source.appendChild(A.node('div', {className: 'aligate-warn'}, app.say('NOT_SENT')));
				}
			} else if (kindOf() === 'value') {
				source.appendChild(A.node('button', {type: 'button', className: 'aligate-link', disabled: !app.canAct, onclick: pickValue}, shown.value || '#' + line.value_id));
			} else if (kindOf() === 'text') {
				var input = A.node('input', {type: 'text', value: line.text, maxLength: 500, disabled: !app.canAct, onchange: function () {
					change(Object.assign({}, line, {text: input.value}));
				}});
				source.appendChild(input);
			} else if (offered && app.canAct) {
				source.appendChild(A.node('button', {type: 'button', className: 'aligate-offer', onclick: accept},
					app.say('OFFER', {NAME: offered.brand ? app.say('SOURCE_BRAND') : offered.name + ' [' + offered.property + ']'})));
			}
			if (kindOf() && attribute.units.length) {
				var unit = A.choice(attribute.units.map(function (one) {
					return [one, one];
				}), line.unit || attribute.units[0]);
				unit.disabled = !app.canAct;
				unit.onchange = function () {
					change(Object.assign({}, line, {unit: unit.value}));
				};
				source.appendChild(unit);
			}
			if (kindOf() === 'property' || kindOf() === 'brand') {
				if (attribute.takesOther && !attribute.sku) {
					source.appendChild(flag('other', 'OTHER'));
				}
				if (attribute.customNames) {
					source.appendChild(flag('custom_names', 'CUSTOM_NAMES'));
				}
				if (attribute.customPictures) {
					source.appendChild(flag('pictures', 'PICTURES'));
				}
			}
		}
		function drawScope() {
			A.clear(holds);
			if (!kindOf()) {
				return;
			}
			var select = A.choice([['common', app.say('SCOPE_COMMON')], ['section', app.say('SCOPE_SECTION')]], scope);
			select.disabled = !app.canAct;
			select.onchange = function () {
				scope = select.value;
				change(line);
			};
			holds.appendChild(select);
		}
		function drawValues() {
			A.clear(values);
			if (!attribute.listed || (kindOf() !== 'property' && kindOf() !== 'brand')) {
				return;
			}
			values.appendChild(A.button(app.say('MATCH_VALUES', {COUNT: line.pairs || 0}), function () {
				var hash = ['values', form.answer.section, attribute.id, attribute.sku ? 'Y' : 'N'].join('-');
				if (!form.isDirty || !app.canAct) {
					app.go(hash);
					return;
				}
				form.save().then(function () {
					app.go(hash);
				}, form.refuse);
			}));
		}
		function draw() {
			drawSource();
			drawScope();
			drawValues();
			element.className = attribute.required && !isFilled() ? 'aligate-row-missing' : '';
		}
		function accept() {
			if (kindOf() || !offered) {
				return;
			}
			shown = {property: offered.name};
			change(offered.brand ? {brand: true} : {property: offered.property});
		}
		draw();
		return {
			element: element,
			accept: accept,
			isMissing: function () {
				return attribute.required && !isFilled();
			},
			hasOffer: function () {
				return !kindOf() && offered !== null;
			},
			/** Takes a suggestion where it is of this attribute and nothing better is known. */
			offer: function (item) {
				if (item.attribute === attribute.id && (!offered || offered.score < item.score)) {
					offered = item;
					draw();
				}
			},
			isMeant: function (state, text) {
				var isState = state === 'missing' ? !isFilled() : state !== 'required' || attribute.required;
				return isState && attribute.name.toLowerCase().indexOf(text.trim().toLowerCase()) >= 0;
			}
		};
	};
}());
