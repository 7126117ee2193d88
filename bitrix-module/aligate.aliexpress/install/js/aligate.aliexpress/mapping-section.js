/** A section's attributes: what AliExpress asks of its category, and where the shop has it. What is missing comes first. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var PANES = A.mappingPanes = A.mappingPanes || {};

	PANES.section = function (app, pane, parts) {
		var section = parts[0];
		pane.appendChild(A.node('p', {}, app.say('LOADING')));
		app.run('section', {version: app.version, section: section}).then(function (answer) {
			A.clear(pane);
			show(app, pane, answer);
		}, function (error) {
			A.clear(pane);
			pane.appendChild(app.fault(error));
			pane.appendChild(A.button(app.say('BACK'), function () {
				app.go('sections');
			}));
		});
	};

	function show(app, pane, answer) {
		var form = {app: app, answer: answer, changed: {}, isDirty: false, rows: []};
		var said = A.node('div', {className: 'aligate-said'});
		var head = A.node('div', {className: 'aligate-head'},
			A.node('a', {href: '#sections'}, '< ' + app.say('ALL_SECTIONS')),
			A.node('h3', {}, answer.path || '#' + answer.section),
			A.node('p', {}, app.say('CATEGORY') + ': ', A.node('b', {}, answer.category ? (answer.categoryName || '#' + answer.category) : app.say('NOT_MAPPED')), ' '));
		pane.appendChild(head);
		if (app.canAct) {
			head.lastChild.appendChild(A.button(app.say(answer.category ? 'CHANGE' : 'CHOOSE_CATEGORY'), function () {
				A.pickCategory(app, answer.section, function (category) {
					app.on('assign', {sections: JSON.stringify([answer.section]), filter: '{}', category: category.id}).then(function () {
						app.go('section-' + answer.section);
					}, refuse);
				});
			}, !answer.category));
		}
		if (!answer.category) {
			pane.appendChild(said);
			return;
		}
		var body = A.node('tbody', {});
		var counter = A.node('span', {});
		var accept = A.button('', function () {
			form.rows.forEach(function (row) {
				row.accept();
			});
		});
		var filter = A.choice([['all', app.say('ATTRIBUTES_ALL')], ['missing', app.say('ATTRIBUTES_UNMAPPED')], ['required', app.say('ATTRIBUTES_REQUIRED')]], 'all');
		var search = A.node('input', {type: 'search', placeholder: app.say('SEARCH')});
		form.touch = function () {
			form.isDirty = true;
			app.isDirty = app.canAct;
			count();
		};
		answer.attributes.forEach(function (attribute) {
			var row = A.mappingAttributeRow(form, attribute);
			form.rows.push(row);
			body.appendChild(row.element);
		});
		function count() {
			var missing = form.rows.filter(function (row) {
				return row.isMissing();
			}).length;
			var offered = form.rows.filter(function (row) {
				return row.hasOffer();
			}).length;
			counter.className = missing ? 'aligate-warn' : 'aligate-good';
			counter.textContent = missing ? app.say('REQUIRED_LEFT', {COUNT: missing}) : app.say('REQUIRED_DONE');
			accept.value = app.say('ACCEPT_ALL', {COUNT: offered});
			accept.style.display = offered && app.canAct ? '' : 'none';
		}
		function sift() {
			form.rows.forEach(function (row) {
				row.element.style.display = row.isMeant(filter.value, search.value) ? '' : 'none';
			});
		}
		filter.onchange = search.oninput = sift;
		pane.appendChild(A.node('div', {className: 'aligate-filter'}, counter, ' ', filter, ' ', search, ' ', accept));
		pane.appendChild(A.node('table', {className: 'internal aligate-table'}, A.node('thead', {}, A.node('tr', {className: 'heading'},
			A.node('td', {}, app.say('ATTRIBUTE')), A.node('td', {}, app.say('SOURCE')), A.node('td', {}, app.say('HOLDS_FOR')),
			A.node('td', {}, app.say('VALUES')))), body));
		if (!answer.attributes.length) {
			pane.appendChild(A.node('p', {}, app.say('NO_ATTRIBUTES')));
		}

		var settings = A.mappingSettings(app, answer.settings, answer.defaults, answer.choices, form.touch);
		var templates = A.mappingTemplates(app, {title: answer.title, description: answer.description, titleOf: app.say('AS_COMMON_SHORT'),
			descriptionOf: app.say('AS_COMMON_SHORT')}, form.touch);
		var more = A.node('details', {}, A.node('summary', {}, app.say('SECTION_SETTINGS')));
		more.appendChild(A.node('table', {className: 'aligate-form'}));
		settings.rows.concat(templates.rows).forEach(function (row) {
			more.lastChild.appendChild(row);
		});
		pane.appendChild(more);

		var everywhere = A.node('input', {type: 'checkbox', onchange: form.touch});
		if (answer.sameCategory > 1) {
			pane.appendChild(A.node('p', {}, A.node('label', {}, everywhere, ' ' + app.say('EVERYWHERE', {COUNT: answer.sameCategory - 1}))));
		}
		form.read = function () {
			return JSON.stringify({
				lines: Object.keys(form.changed).map(function (key) {
					return form.changed[key];
				}),
				settings: settings.read(), title: templates.title.value, description: templates.description.value,
				everywhere: everywhere.checked
			});
		};
		form.save = function () {
			A.clear(said);
			said.appendChild(A.node('p', {}, app.say('SAVING')));
			return app.on('saveSection', {section: answer.section, form: form.read()});
		};
		function refuse(error) {
			A.clear(said);
			said.appendChild(app.fault(error));
			mark(pane, error);
		}
		form.refuse = refuse;
		var buttons = A.node('p', {className: 'aligate-buttons'});
		if (app.canAct) {
			buttons.appendChild(A.button(app.say('SAVE'), function () {
				form.save().then(function () {
					app.notice = app.say('SAVED');
					app.go('section-' + answer.section);
				}, refuse);
			}, true));
		}
		buttons.appendChild(A.button(app.say('CHECK_UNSAVED'), function () {
			A.clear(said);
			said.appendChild(A.node('p', {}, app.say('CHECKING')));
			app.run('check', {version: app.version, section: answer.section, form: form.read()}).then(function (report) {
				A.clear(said);
				A.mappingReport(app, said, report);
			}, refuse);
		}));
		pane.appendChild(buttons);
		pane.appendChild(said);
		if (app.notice) {
			said.appendChild(A.node('p', {className: 'aligate-good'}, app.notice));
			app.notice = '';
		}
		count();
		askSuggestions(app, form, count);
	}

	/** The gateway has seen the products: what it thinks replaces a property of the same name only where there is none. */
	function askSuggestions(app, form, count) {
		app.run('suggestions', {version: app.version, section: form.answer.section}).then(function (answer) {
			answer.items.forEach(function (item) {
				form.rows.forEach(function (row) {
					row.offer(item);
				});
			});
			count();
		}, function () {
			// They are a help: what is wrong with the gateway is said where something was asked for.
		});
	}

	/** The field that was refused is shown. */
	function mark(pane, error) {
		var paths = ((error.more && error.more.faults) || []).map(function (one) {
			return one.path;
		}).concat(error.more && error.more.field ? [error.more.field] : []);
		Array.prototype.forEach.call(pane.querySelectorAll('[data-field]'), function (control) {
			var name = control.getAttribute('data-field');
			var isWrong = paths.some(function (path) {
				return path.split('.').pop() === name;
			});
			control.classList.toggle('aligate-wrong', isWrong);
			var details = isWrong && control.closest('details');
			if (details) {
				details.open = true;
			}
		});
	}

	A.mappingMark = mark;
}());
