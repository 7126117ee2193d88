/** How the products stand on AliExpress: by state and reason, page by page. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var STATES = ['check_failed', 'auditing', 'refused', 'on_selling', 'offline'];

	A.widgets.listings = function (place, data) {
		var phrases = data.phrases;
		var body = A.node('tbody', {});
		var more = A.node('p', {});
		var said = A.node('div', {});
		var asked = 0;
		var state = A.choice([['', phrases.STATE_ANY]].concat(STATES.map(function (code) {
			return [code, phrases['STATE_' + code.toUpperCase()]];
		})), '');
		var reason = A.node('input', {type: 'search', placeholder: phrases.REASON_FILTER, onchange: begin});
		state.onchange = begin;

		function begin() {
			A.clear(body);
			A.clear(more);
			load('');
		}
		function load(cursor) {
			var mine = ++asked;
			A.clear(said);
			said.appendChild(A.node('p', {}, phrases.LOADING));
			A.run('mapping.listings', {connection: data.connection, language: data.language, state: state.value, reason: reason.value, cursor: cursor})
				.then(function (page) {
					if (mine === asked) {
						A.clear(said);
						show(page);
					}
				}, function (error) {
					if (mine === asked) {
						A.clear(said);
						said.appendChild(A.fault(phrases, error));
					}
				});
		}
		function show(page) {
			page.items.forEach(function (item) {
				body.appendChild(row(item));
			});
			A.clear(more);
			if (page.next) {
				more.appendChild(A.button(phrases.SHOW_MORE, function () {
					load(page.next);
				}));
			} else if (!body.firstChild) {
				body.appendChild(A.node('tr', {}, A.node('td', {colSpan: 4}, state.value || reason.value ? phrases.NOTHING_FOUND : phrases.NO_LISTINGS)));
			}
		}
		function row(item) {
			var name = item.name || '#' + item.product_id;
			var product = A.node('td', {}, item.url ? A.node('a', {href: item.url}, name) : name);
			var reasons = A.node('td', {});
			alike(item.reasons || []).forEach(function (one) {
				reasons.appendChild(A.node('div', {}, one.text + ' ' + (one.times > 1 ? '(' + one.times + ') ' : ''), A.node('button', {type: 'button', className: 'aligate-link', title: phrases.ONLY_THIS_REASON, onclick: function () {
					reason.value = one.code;
					begin();
				}}, one.code)));
			});
			if ((item.duplicates || []).length) {
				reasons.appendChild(A.node('div', {className: 'aligate-warn'}, phrases.DUPLICATES + ' ' + item.duplicates.join(', ')));
			}
			var tone = {on_selling: 'aligate-good', refused: 'aligate-warn', check_failed: 'aligate-warn'}[item.state] || '';
			return A.node('tr', {}, product, A.node('td', {}, item.aliexpress_product_id || ''),
				A.node('td', {}, A.node('span', {className: tone}, phrases['STATE_' + String(item.state).toUpperCase()] || item.state),
					A.node('div', {className: 'aligate-note'}, new Date(item.changed_ms).toLocaleString(data.language))), reasons);
		}

		/** The same words of several SKUs are one line. */
		function alike(all) {
			var seen = {};
			return all.filter(function (one) {
				var key = one.code + ' ' + one.text;
				seen[key] = seen[key] || one;
				seen[key].times = (seen[key].times || 0) + 1;
				return seen[key] === one;
			});
		}

		A.clear(place);
		place.appendChild(A.node('div', {className: 'aligate-filter'}, state, ' ', reason));
		place.appendChild(A.node('table', {className: 'internal aligate-table'}, A.node('thead', {}, A.node('tr', {className: 'heading'},
			A.node('td', {}, phrases.PRODUCT), A.node('td', {}, phrases.LISTING), A.node('td', {}, phrases.STATE), A.node('td', {}, phrases.REASONS))), body));
		place.appendChild(said);
		place.appendChild(more);
		begin();
	};
	if (document.readyState !== 'loading') {
		A.fill();
	}
}());
