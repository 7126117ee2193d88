/** The mapping page: what is done and what is left, and the shop's sections beside AliExpress's categories. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	// Other scripts of the page, which come before this one, bring the other panes.
	var PANES = A.mappingPanes = A.mappingPanes || {};

	/** What the page's parts share: the version that is shown, calls to the server, errors in place. */
	function application(place, data) {
		var app = {phrases: data.phrases, canAct: data.canAct, version: 0, counts: null, data: data};

		app.run = function (action, given) {
			return A.run('mapping.' + action, Object.assign({connection: data.connection, language: data.language}, given || {}));
		};
		/** A call that is about the version that is shown; an answer with the next one is taken over. */
		app.on = function (action, given) {
			return app.run(action, Object.assign({version: app.version}, given || {})).then(function (answer) {
				if (answer && typeof answer.version === 'number') {
					app.version = answer.version;
				}
				if (answer && answer.counts && answer.counts.sections !== undefined) {
					app.refreshCounts(answer.counts);
				}
				return answer;
			});
		};
		app.say = function (code, values) {
			return Object.keys(values || {}).reduce(function (text, key) {
				return text.replace('#' + key + '#', values[key]);
			}, app.phrases[code] || code);
		};
		app.fault = function (error) {
			return fault(app, error);
		};
		/** To another part; what was to be saved is saved. */
		app.go = function (hash) {
			app.isDirty = false;
			if (window.location.hash === '#' + hash) {
				route();
			} else {
				window.location.hash = hash;
			}
		};
		app.reload = open;
		app.refreshCounts = function (counts) {
			app.counts = Object.assign(app.counts || {}, counts);
			showGuide();
		};

		// Where the page stands; somebody who leaves what is not saved is asked first.
		var current = window.location.hash;
		var guide = A.node('div', {className: 'aligate-guide'});
		var tabs = A.node('div', {className: 'aligate-tabs'});
		var pane = A.node('div', {className: 'aligate-pane'});

		function showGuide() {
			var counts = app.counts;
			var steps = [
				['sections', app.say('STEP_SECTIONS'), app.say('STEP_SECTIONS_DONE', {DONE: counts.mapped, ALL: counts.withProducts}),
					counts.withProducts > 0 && counts.mapped === counts.withProducts],
				['sections', app.say('STEP_ATTRIBUTES'), app.say('STEP_ATTRIBUTES_HINT'), false],
				['common', app.say('STEP_COMMON'), app.say('STEP_COMMON_HINT'), false],
				['check', app.say('STEP_CHECK'), app.say('STEP_CHECK_HINT'), false]
			];
			A.clear(guide);
			steps.forEach(function (step, at) {
				guide.appendChild(A.node('a', {href: '#' + step[0], className: 'aligate-step' + (step[3] ? ' aligate-done' : '')},
					A.node('b', {}, (at + 1) + '. ' + step[1]), A.node('span', {}, step[2])));
			});
			if (counts.unsectioned > 0) {
				guide.appendChild(A.node('p', {className: 'aligate-note'}, app.say('UNSECTIONED', {COUNT: counts.unsectioned})));
			}
		}
		function showTabs(current) {
			A.clear(tabs);
			[['sections', 'TAB_SECTIONS'], ['properties', 'TAB_PROPERTIES'], ['common', 'TAB_COMMON'], ['check', 'TAB_CHECK']].forEach(function (tab) {
				tabs.appendChild(A.node('a', {href: '#' + tab[0], className: current === tab[0] ? 'aligate-current' : ''}, app.say(tab[1])));
			});
		}
		function route() {
			current = window.location.hash;
			app.isDirty = false;
			var parts = window.location.hash.replace('#', '').split('-');
			var name = PANES[parts[0]] ? parts[0] : 'sections';
			showTabs(name === 'section' || name === 'values' ? 'sections' : name);
			A.clear(pane);
			PANES[name](app, pane, parts.slice(1));
		}
		function open() {
			A.clear(place);
			place.appendChild(A.node('p', {}, app.say('LOADING')));
			app.run('open').then(function (answer) {
				A.clear(place);
				app.version = answer.version;
				app.counts = answer.counts;
				if (!app.canAct) {
					place.appendChild(A.node('p', {className: 'aligate-note'}, app.say('READ_ONLY')));
				}
				[guide, tabs, pane].forEach(function (part) {
					place.appendChild(part);
				});
				showGuide();
				route();
			}, function (error) {
				A.clear(place);
				place.appendChild(app.fault(error));
				place.appendChild(A.button(app.say('TRY_AGAIN'), open));
			});
		}
		window.addEventListener('hashchange', function () {
			if (window.location.hash === current) {
				return;
			}
			if (app.isDirty && !window.confirm(app.say('LEAVE_SURE'))) {
				window.location.hash = current;
				return;
			}
			route();
		});
		window.addEventListener('beforeunload', function (event) {
			if (app.isDirty) {
				event.preventDefault();
			}
		});
		open();
	}

	/** An error in the seller's words, at the place where it happened. */
	function fault(app, error) {
		var known = {
			mapping_changed: 'FAULT_CHANGED', mapping_invalid: 'FAULT_REFUSED', input_invalid: 'FAULT_INPUT', network: 'FAULT_AWAY',
			timeout: 'FAULT_AWAY', aliexpress_away: 'FAULT_ALIEXPRESS', no_credentials: 'FAULT_CREDENTIALS', right_missing: 'FAULT_RIGHT',
			unauthorized: 'FAULT_SECRET', mapping_missing: 'FAULT_MISSING'
		};
		var phrase = error.status === 404 ? 'NOT_OFFERED' : (known[error.code] || 'FAULT_OTHER');
		var shown = A.node('div', {className: 'aligate-fault'}, app.say(phrase));
		shown.setAttribute('role', 'alert');
		if (phrase === 'FAULT_OTHER' || phrase === 'FAULT_AWAY' || phrase === 'FAULT_ALIEXPRESS') {
			shown.appendChild(A.node('div', {className: 'aligate-note'}, error.message));
		}
		if (error.code === 'mapping_changed') {
			shown.appendChild(A.node('div', {}, A.button(app.say('RELOAD'), app.reload)));
		}
		var faults = (error.more && error.more.faults) || [];
		if (faults.length) {
			var list = A.node('ul', {});
			faults.slice(0, 50).forEach(function (one) {
				var where = [one.sectionPath, one.attribute, field(app, one.path)].filter(Boolean).join(', ');
				list.appendChild(A.node('li', {}, A.node('b', {}, where), ': ' + one.text));
			});
			shown.appendChild(list);
		}
		return shown;
	}

	/** What the form calls the last part of a path; nothing where the attribute before it says enough. */
	function field(app, path) {
		var name = path.split('.').pop().toUpperCase();
		return app.phrases['SET_' + name] || app.phrases['TEMPLATE_' + name] || app.phrases['PRICE_' + name] || app.phrases[name] || '';
	}

	/* ---- sections and their categories ---- */

	PANES.sections = function (app, pane) {
		var filter = app.filter = app.filter || {search: '', state: 'unmapped', withProducts: true};
		var chosen = {};
		var search = A.node('input', {type: 'search', className: 'aligate-search', placeholder: app.say('SEARCH_SECTION'), value: filter.search});
		var state = A.choice([['all', app.say('STATE_ALL')], ['unmapped', app.say('STATE_UNMAPPED')], ['mapped', app.say('STATE_MAPPED')]], filter.state);
		var filled = A.node('input', {type: 'checkbox', checked: filter.withProducts});
		var matched = A.node('span', {className: 'aligate-note'});
		var bulk = A.node('div', {className: 'aligate-bulk'});
		var body = A.node('tbody', {});
		var all = A.node('input', {type: 'checkbox', title: app.say('CHOOSE_ALL')});
		var more = A.node('div', {});
		var said = A.node('div', {});
		var head = A.node('tr', {className: 'heading'}, A.node('td', {}, app.canAct ? all : ''), A.node('td', {}, app.say('SECTION')),
			A.node('td', {}, app.say('PRODUCTS')), A.node('td', {}, app.say('CATEGORY')), A.node('td', {}, app.say('MISSING')), A.node('td', {}, ''));

		var ask = A.searching(search, function () {
			Object.assign(filter, {search: search.value, state: state.value, withProducts: filled.checked});
			chosen = {};
			all.checked = false;
			return load('');
		}, function (page) {
			A.clear(body);
			A.clear(said);
			show(page);
			if (!page.items.length) {
				body.appendChild(A.node('tr', {}, A.node('td', {colSpan: 6}, emptiness())));
			}
		}, fail);
		state.onchange = filled.onchange = ask;
		all.onchange = function () {
			Array.prototype.forEach.call(body.querySelectorAll('input[type=checkbox]'), function (box) {
				box.checked = all.checked;
				box.onchange();
			});
		};

		function load(cursor) {
			return app.run('sections', {version: app.version, filter: JSON.stringify(filter), cursor: cursor});
		}
		function fail(error) {
			A.clear(said);
			said.appendChild(app.fault(error));
		}
		function emptiness() {
			if (filter.state === 'unmapped' && !filter.search) {
				return app.say(app.counts.sections > 0 ? 'ALL_MAPPED' : 'NO_SECTIONS');
			}
			return app.say('NOTHING_FOUND');
		}
		function show(page) {
			app.refreshCounts(page.counts);
			matched.textContent = app.say('MATCHED', {COUNT: page.matched});
			var cells = {};
			page.items.forEach(function (item) {
				body.appendChild(row(item, cells));
			});
			A.clear(more);
			if (page.next !== null) {
				more.appendChild(A.button(app.say('SHOW_MORE'), function () {
					load(page.next).then(show, fail);
				}));
			}
			showBulk(page.matched);
			fillMissing(page.items, cells);
		}
		function row(item, cells) {
			var box = A.node('input', {type: 'checkbox', onchange: function () {
				if (box.checked) {
					chosen[item.id] = true;
				} else {
					delete chosen[item.id];
				}
				showBulk();
			}});
			var missing = cells[item.id] = A.node('td', {}, '');
			var actions = A.node('td', {className: 'aligate-actions'});
			if (app.canAct) {
				actions.appendChild(A.button(app.say(item.category ? 'CHANGE' : 'CHOOSE_CATEGORY'), function () {
					A.pickCategory(app, item.id, function (category) {
						assign([item.id], category.id);
					});
				}, !item.category));
			}
			if (item.category) {
				actions.appendChild(A.button(app.say('ATTRIBUTES'), function () {
					app.go('section-' + item.id);
				}));
			}
			var category = item.category ? (item.categoryName || '#' + item.category) : A.node('span', {className: 'aligate-warn'}, app.say('NOT_MAPPED'));
			return A.node('tr', {}, A.node('td', {}, app.canAct ? box : ''), A.node('td', {}, item.path), A.node('td', {}, item.products),
				A.node('td', {}, category), missing, actions);
		}
		/** One category after the other: the gateway may have to ask AliExpress for each. */
		function fillMissing(items, cells) {
			var groups = {};
			items.forEach(function (item) {
				if (item.category) {
					(groups[item.category] = groups[item.category] || []).push(item.id);
				}
			});
			Object.keys(groups).reduce(function (before, category) {
				return before.then(function () {
					return app.run('missing', {version: app.version, sections: JSON.stringify(groups[category])}).then(function (answer) {
						Object.keys(answer.missing).forEach(function (id) {
							var count = answer.missing[id];
							A.clear(cells[id]);
							cells[id].appendChild(A.node('span', {className: count ? 'aligate-warn' : 'aligate-good'},
								count ? app.say('MISSING_COUNT', {COUNT: count}) : app.say('MISSING_NONE')));
						});
					}, function () {
						groups[category].forEach(function (id) {
							cells[id].textContent = '?';
						});
					});
				});
			}, Promise.resolve());
		}
		function assign(ids, category, below) {
			A.clear(said);
			said.appendChild(A.node('p', {}, app.say('SAVING')));
			app.on('assign', {sections: JSON.stringify(ids), filter: JSON.stringify(filter), category: category, below: below ? 'Y' : 'N'})
				.then(function () {
					if (ids.length === 1 && category && !below) {
						app.go('section-' + ids[0]);
					} else {
						ask();
					}
				}, fail);
		}
		var matchedCount = 0;
		function showBulk(count) {
			matchedCount = count === undefined ? matchedCount : count;
			A.clear(bulk);
			if (!app.canAct) {
				return;
			}
			var ids = Object.keys(chosen);
			var below = A.node('input', {type: 'checkbox'});
			if (ids.length) {
				bulk.appendChild(A.node('span', {}, app.say('CHOSEN', {COUNT: ids.length}) + ' '));
				bulk.appendChild(A.node('label', {}, below, ' ' + app.say('WITH_BELOW') + ' '));
			} else {
				bulk.appendChild(A.node('span', {}, app.say('FOR_ALL_MATCHED', {COUNT: matchedCount}) + ' '));
			}
			var pick = A.button(app.say('CHOOSE_CATEGORY'), function () {
				var withBelow = below.checked;
				A.pickCategory(app, ids[0] || null, function (category) {
					if (ids.length || window.confirm(app.say('ASSIGN_ALL_SURE', {COUNT: matchedCount, NAME: category.path}))) {
						assign(ids, category.id, withBelow);
					}
				});
			});
			pick.disabled = !ids.length && !matchedCount;
			bulk.appendChild(pick);
			if (ids.length) {
				bulk.appendChild(A.button(app.say('TAKE_AWAY'), function () {
					if (window.confirm(app.say('TAKE_AWAY_SURE', {COUNT: ids.length}))) {
						assign(ids, 0, below.checked);
					}
				}));
			}
		}

		if (!app.counts.mapped) {
			pane.appendChild(A.node('div', {className: 'aligate-lead'}, app.say('LEAD_SECTIONS')));
		}
		pane.appendChild(A.node('div', {className: 'aligate-filter'}, search, ' ', state, ' ', A.node('label', {}, filled, ' ' + app.say('WITH_PRODUCTS')), ' ', matched));
		pane.appendChild(bulk);
		pane.appendChild(said);
		pane.appendChild(A.node('table', {className: 'internal aligate-table'}, A.node('thead', {}, head), body));
		pane.appendChild(more);
		ask();
	};

	A.widgets.mapping = application;
	if (document.readyState !== 'loading') {
		A.fill();
	}
}());
