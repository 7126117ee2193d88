/** The values of a property beside those of an attribute: matched by name, by pairs, or not at all. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var PANES = A.mappingPanes = A.mappingPanes || {};

	PANES.values = function (app, pane, parts) {
		var place = {section: parts[0], attribute: parts[1], sku: parts[2] === 'Y' ? 'Y' : 'N'};
		var pending = {};
		var rows = {};
		var chosen = {};
		var asked = {state: 'unmatched', search: ''};
		var isFirst = true;
		var title = A.node('h3', {}, '');
		var counts = A.node('p', {className: 'aligate-counts'});
		var search = A.node('input', {type: 'search', placeholder: app.say('SEARCH_VALUE')});
		var state = A.choice([['unmatched', app.say('VALUES_UNMATCHED')], ['all', app.say('VALUES_ALL')], ['paired', app.say('VALUES_PAIRED')]], asked.state);
		var body = A.node('tbody', {});
		var more = A.node('div', {});
		var bulk = A.node('div', {className: 'aligate-bulk'});
		var all = A.node('input', {type: 'checkbox', title: app.say('CHOOSE_ALL'), onchange: function () {
			Object.keys(rows).forEach(function (key) {
				rows[key].choose(all.checked);
			});
		}});
		var said = A.node('div', {className: 'aligate-said'});
		var category = 0;
		var save = A.button(app.say('SAVE_PAIRS'), function () {
			act('pair', {pairs: JSON.stringify(pending)}, 'PAIRS_SAVED');
		}, true);
		var match = A.button(app.say('AUTO_MATCH'), function () {
			act('autoMatch', {}, 'AUTO_MATCHED');
		});

		var ask = A.searching(search, function () {
			asked = {state: state.value, search: search.value};
			return load('');
		}, function (page) {
			A.clear(body);
			rows = {};
			chosen = {};
			all.checked = false;
			show(page);
			if (!page.items.length) {
				body.appendChild(A.node('tr', {}, A.node('td', {colSpan: 4},
					app.say(page.counts.all === 0 ? 'NO_VALUES' : asked.state === 'unmatched' && !asked.search ? 'ALL_MATCHED' : 'NOTHING_FOUND'))));
			}
		}, refuse);
		state.onchange = ask;

		function load(cursor) {
			return app.run('values', Object.assign({version: app.version, cursor: cursor}, asked, place));
		}
		function refuse(error) {
			A.clear(said);
			said.appendChild(app.fault(error));
		}
		function show(page) {
			var of = page.counts;
			counts.textContent = app.say('VALUE_COUNTS', {ALL: of.all, NAME: of.name, PAIRED: of.paired, OTHER: of.other, UNMATCHED: of.unmatched});
			counts.className = 'aligate-counts ' + (of.unmatched ? 'aligate-warn' : 'aligate-good');
			page.items.forEach(function (item) {
				rows[item.key] = row(item);
				body.appendChild(rows[item.key].element);
			});
			A.clear(more);
			if (page.next !== null) {
				more.appendChild(A.button(app.say('SHOW_MORE'), function () {
					load(page.next).then(show, refuse);
				}));
			}
			if (isFirst && of.unmatched === 0 && of.all > 0) {
				isFirst = false;
				state.value = 'all';
				ask();
			}
			isFirst = false;
			buttons();
			showBulk();
		}
		function row(item) {
			var target = A.node('td', {});
			var box = A.node('input', {type: 'checkbox', onchange: function () {
				if (box.checked) {
					chosen[item.key] = true;
				} else {
					delete chosen[item.key];
				}
				showBulk();
			}});
			function draw() {
				var name = pending[item.key] === undefined ? item.name : pending[item.key] === 0 ? null : item.pendingName;
				A.clear(target);
				target.appendChild(A.node('button', {type: 'button', className: 'aligate-link', disabled: !app.canAct, onclick: pick},
					name || app.say('CHOOSE')));
				if (app.canAct && (pending[item.key] || (item.by === 'paired' && pending[item.key] === undefined))) {
					target.appendChild(A.node('button', {type: 'button', className: 'aligate-remove', title: app.say('TAKE_AWAY_PAIR'), onclick: function () {
						pending[item.key] = 0;
						draw();
						buttons();
					}}, 'x'));
				}
			}
			function pick() {
				pickValue(item.text, take);
			}
			function take(found) {
				pending[item.key] = found.id;
				item.pendingName = found.name;
				draw();
				buttons();
			}
			draw();
			return {
				take: take,
				choose: function (isChosen) {
					box.checked = isChosen;
					box.onchange();
				},
				element: A.node('tr', {}, A.node('td', {}, app.canAct ? box : ''), A.node('td', {}, item.text), target,
					A.node('td', {}, A.node('span', {className: item.by === 'unmatched' ? 'aligate-warn' : 'aligate-good'}, app.say('BY_' + item.by.toUpperCase()))))
			};
		}
		function pickValue(name, pick) {
			A.pickOne(app, {
				title: app.say('PICK_VALUE', {NAME: name}),
				load: function (text) {
					return app.run('attributeValues', {category: category, attribute: place.attribute, search: text});
				},
				label: function (found) {
					return found.name;
				},
				pick: pick
			});
		}
		/** Several values of the shop may be one of AliExpress. */
		function showBulk() {
			var keys = Object.keys(chosen);
			A.clear(bulk);
			if (!keys.length) {
				return;
			}
			bulk.appendChild(A.node('span', {}, app.say('VALUES_CHOSEN', {COUNT: keys.length}) + ' '));
			bulk.appendChild(A.button(app.say('CHOOSE_VALUE'), function () {
				pickValue(app.say('VALUES_CHOSEN', {COUNT: keys.length}), function (found) {
					keys.forEach(function (key) {
						rows[key].take(found);
						rows[key].choose(false);
					});
				});
			}));
		}
		function buttons() {
			var count = Object.keys(pending).length;
			app.isDirty = count > 0;
			save.disabled = !app.canAct || !count;
			save.value = app.say('SAVE_PAIRS') + (count ? ' (' + count + ')' : '');
			match.disabled = !app.canAct || count > 0;
		}
		function act(action, given, phrase) {
			A.clear(said);
			said.appendChild(A.node('p', {}, app.say('SAVING')));
			app.on(action, Object.assign({}, place, given)).then(function (answer) {
				A.clear(said);
				said.appendChild(A.node('p', {className: 'aligate-good'}, app.say(phrase, {COUNT: answer.count})));
				pending = {};
				ask();
			}, refuse);
		}

		pane.appendChild(A.node('a', {href: '#section-' + place.section}, '< ' + app.say('TO_ATTRIBUTES')));
		pane.appendChild(title);
		pane.appendChild(A.node('p', {className: 'aligate-note'}, app.say('VALUES_HINT')));
		pane.appendChild(counts);
		pane.appendChild(A.node('div', {className: 'aligate-filter'}, state, ' ', search, ' ', match, ' ', save));
		pane.appendChild(bulk);
		pane.appendChild(said);
		pane.appendChild(A.node('table', {className: 'internal aligate-table'}, A.node('thead', {}, A.node('tr', {className: 'heading'},
			A.node('td', {}, app.canAct ? all : ''), A.node('td', {}, app.say('SHOP_VALUE')), A.node('td', {}, app.say('ALIEXPRESS_VALUE')), A.node('td', {}, app.say('HOW')))), body));
		pane.appendChild(more);
		buttons();
		app.run('section', {version: app.version, section: place.section}).then(function (answer) {
			var mine = answer.attributes.filter(function (one) {
				return String(one.id) === place.attribute && one.sku === (place.sku === 'Y');
			})[0];
			category = answer.category;
			title.textContent = (answer.path || '') + ': ' + (mine ? mine.name : '#' + place.attribute);
			ask();
		}, refuse);
	};
}());
