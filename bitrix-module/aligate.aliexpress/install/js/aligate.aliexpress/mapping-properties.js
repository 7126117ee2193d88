/** The shop's properties: what each fills on AliExpress, and those that fill nothing yet. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var PANES = A.mappingPanes = A.mappingPanes || {};

	PANES.properties = function (app, pane) {
		pane.appendChild(A.node('p', {}, app.say('LOADING')));
		app.run('mappedCategories', {version: app.version}).then(function (answer) {
			A.clear(pane);
			if (answer.items.length) {
				show(app, pane, answer.items);
			} else {
				pane.appendChild(A.node('div', {className: 'aligate-lead'}, app.say('PROPERTIES_LATER')));
			}
		}, function (error) {
			A.clear(pane);
			pane.appendChild(app.fault(error));
		});
	};

	function show(app, pane, categories) {
		var category = A.choice(categories.map(function (one) {
			return [String(one.id), one.name];
		}), String(categories[0].id));
		var offers = A.choice([['N', app.say('PROPERTIES_OF_PRODUCTS')], ['Y', app.say('PROPERTIES_OF_OFFERS')]], 'N');
		var state = A.choice([['all', app.say('PROPERTIES_ALL')], ['unused', app.say('PROPERTIES_UNUSED')], ['used', app.say('PROPERTIES_USED')]], 'all');
		var search = A.node('input', {type: 'search', placeholder: app.say('SEARCH')});
		var matched = A.node('span', {className: 'aligate-note'});
		var accept = A.button('', function () {
			assign({});
		});
		var body = A.node('tbody', {});
		var more = A.node('div', {});
		var said = A.node('div', {className: 'aligate-said'});

		var ask = A.searching(search, function () {
			return load('');
		}, function (page) {
			A.clear(body);
			showPage(page);
			if (!page.items.length) {
				body.appendChild(A.node('tr', {}, A.node('td', {colSpan: 3}, app.say('NOTHING_FOUND'))));
			}
		}, refuse);
		category.onchange = offers.onchange = state.onchange = ask;

		function load(cursor) {
			return app.run('propertyTable', {version: app.version, category: category.value, offers: offers.value, state: state.value,
				search: search.value, cursor: cursor});
		}
		function refuse(error) {
			A.clear(said);
			said.appendChild(app.fault(error));
		}
		function showPage(page) {
			matched.textContent = app.say('MATCHED', {COUNT: page.matched});
			accept.value = app.say('ACCEPT_ALL', {COUNT: page.offered});
			accept.style.display = page.offered && app.canAct ? '' : 'none';
			page.items.forEach(function (item) {
				body.appendChild(row(item));
			});
			A.clear(more);
			if (page.next !== null) {
				more.appendChild(A.button(app.say('SHOW_MORE'), function () {
					load(page.next).then(showPage, refuse);
				}));
			}
		}
		function row(item) {
			var uses = A.node('td', {});
			var actions = A.node('td', {className: 'aligate-actions'});
			item.uses.forEach(function (use) {
				uses.appendChild(A.node('div', {}, use.name + ' ', A.node('span', {className: 'aligate-note'},
					use.sections ? app.say('USED_IN_SECTIONS', {COUNT: use.sections}) : app.say('SCOPE_COMMON'))));
			});
			if (!item.uses.length) {
				uses.appendChild(A.node('span', {className: 'aligate-note'}, app.say('USED_NOWHERE')));
			}
			if (app.canAct && item.offer) {
				actions.appendChild(A.node('button', {type: 'button', className: 'aligate-offer', onclick: function () {
					take(item, item.offer.id);
				}}, app.say('OFFER', {NAME: item.offer.name})));
				actions.appendChild(document.createTextNode(' '));
			}
			if (app.canAct) {
				actions.appendChild(A.button(app.say('CHOOSE_ATTRIBUTE'), function () {
					A.pickOne(app, {
						title: app.say('PICK_ATTRIBUTE', {NAME: item.name}),
						load: function (text) {
							return app.run('attributes', {version: app.version, category: category.value, offers: offers.value, search: text});
						},
						label: function (found) {
							return found.name;
						},
						hint: function (found) {
							return found.required ? app.say('REQUIRED') : '';
						},
						pick: function (found) {
							take(item, found.id);
						}
					});
				}));
			}
			return A.node('tr', {}, A.node('td', {}, item.name + ' ', A.node('small', {}, '[' + item.code + ']')), uses, actions);
		}
		function take(item, attribute) {
			var given = {};
			given[attribute] = item.code;
			assign(given);
		}
		function assign(given) {
			A.clear(said);
			said.appendChild(A.node('p', {}, app.say('SAVING')));
			app.on('assignProperties', {category: category.value, offers: offers.value, properties: JSON.stringify(given)}).then(function (answer) {
				A.clear(said);
				said.appendChild(A.node('p', {className: 'aligate-good'}, app.say('PROPERTIES_ASSIGNED', {COUNT: answer.count})));
				ask();
			}, refuse);
		}

		pane.appendChild(A.node('p', {className: 'aligate-note'}, app.say('PROPERTIES_HINT')));
		pane.appendChild(A.node('div', {className: 'aligate-filter'}, app.say('PROPERTIES_FOR') + ' ', category));
		pane.appendChild(A.node('div', {className: 'aligate-filter'}, offers, ' ', state, ' ', search, ' ', matched, ' ', accept));
		pane.appendChild(said);
		pane.appendChild(A.node('table', {className: 'internal aligate-table'}, A.node('thead', {}, A.node('tr', {className: 'heading'},
			A.node('td', {}, app.say('SHOP_PROPERTY')), A.node('td', {}, app.say('FILLS')), A.node('td', {}, ''))), body));
		pane.appendChild(more);
		ask();
	}
}());
