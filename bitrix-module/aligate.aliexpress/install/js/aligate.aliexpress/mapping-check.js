/** What would be refused, grouped by cause, with the cards of the products and the way to mend it. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var PANES = A.mappingPanes = A.mappingPanes || {};
	/** Causes that are mended in the mapping of the product's section rather than in its card. */
	var OF_MAPPING = /^(attribute_|value_unmapped|value_unknown|unit_unknown|brand_|sku_attribute|skus_not_apart)/;
	/** Causes that a common setting mends for all at once. */
	var OF_COMMON = /^(freight_|service_|group_|lead_time_|weight_missing|side_missing|language_)/;
	var SHOWN = 5;

	PANES.check = function (app, pane) {
		var result = A.node('div', {});
		var go = A.button(app.say('CHECK_RUN'), function () {
			go.disabled = true;
			A.clear(result);
			result.appendChild(A.node('p', {}, app.say('CHECKING')));
			app.run('check', {version: app.version}).then(function (report) {
				go.disabled = false;
				A.clear(result);
				A.mappingReport(app, result, report);
			}, function (error) {
				go.disabled = false;
				A.clear(result);
				result.appendChild(app.fault(error));
			});
		}, true);
		pane.appendChild(A.node('p', {}, app.say('CHECK_HINT')));
		pane.appendChild(A.node('p', {}, go));
		pane.appendChild(result);
	};

	A.mappingReport = function (app, place, report) {
		place.appendChild(A.node('p', {}, A.node('b', {}, app.say('CHECK_RESULT', {GOOD: report.good, PRODUCTS: report.products}))));
		if (report.products === 0) {
			place.appendChild(A.node('p', {className: 'aligate-note'}, app.say('CHECK_NOTHING')));
		}
		if (report.unmapped > 0) {
			place.appendChild(A.node('p', {className: 'aligate-warn'}, app.say('CHECK_UNMAPPED', {COUNT: report.unmapped}) + ' ',
				A.node('a', {href: '#sections'}, app.say('TAB_SECTIONS'))));
		}
		if (report.more) {
			place.appendChild(A.node('p', {className: 'aligate-note'}, app.say('CHECK_MORE')));
		}
		report.causes.forEach(function (cause) {
			place.appendChild(group(app, cause));
		});
		if (report.products > 0 && report.good === report.products) {
			place.appendChild(A.node('p', {className: 'aligate-good'}, app.say('CHECK_GOOD')));
		}
	};

	function group(app, cause) {
		var box = A.node('div', {className: 'aligate-cause'});
		var list = A.node('ul', {});
		var fields = {};
		cause.products.forEach(function (product) {
			if (product.fieldName) {
				fields[product.fieldName] = (fields[product.fieldName] || 0) + 1;
			}
		});
		var names = Object.keys(fields);
		box.appendChild(A.node('div', {}, A.node('b', {}, cause.text), ' ', A.node('span', {className: 'aligate-count'}, app.say('CAUSE_COUNT', {COUNT: cause.count}))));
		if (OF_COMMON.test(cause.code)) {
			box.appendChild(A.node('div', {}, A.node('a', {href: '#common'}, app.say('FIX_COMMON'))));
		}
		if (names.length) {
			box.appendChild(A.node('div', {className: 'aligate-note'}, names.map(function (name) {
				return name + ': ' + fields[name];
			}).join('; ')));
		}
		box.appendChild(list);
		function show(from, to) {
			cause.products.slice(from, to).forEach(function (product) {
				list.appendChild(item(app, cause, product));
			});
			if (to < cause.products.length) {
				var more = A.node('button', {type: 'button', className: 'aligate-link', onclick: function () {
					box.removeChild(more);
					show(to, cause.products.length);
				}}, app.say('SHOW_ALL_OF', {COUNT: cause.products.length}));
				box.appendChild(more);
			} else if (cause.count > cause.products.length) {
				box.appendChild(A.node('div', {className: 'aligate-note'}, app.say('CAUSE_MORE', {COUNT: cause.count - cause.products.length})));
			}
		}
		show(0, SHOWN);
		return box;
	}

	function item(app, cause, product) {
		var name = product.name || '#' + product.product_id;
		var shown = A.node('li', {}, product.url ? A.node('a', {href: product.url, target: '_blank', rel: 'noopener'}, name) : name);
		if (product.skus && product.skus.length) {
			shown.appendChild(A.node('small', {}, ' ' + product.skus.slice(0, 5).join(', ') + (product.skus.length > 5 ? ' ...' : '')));
		}
		if (product.section && product.section !== '0' && OF_MAPPING.test(cause.code)) {
			shown.appendChild(document.createTextNode(' '));
			shown.appendChild(A.node('a', {href: '#section-' + product.section}, app.say('FIX_MAPPING')));
		}
		return shown;
	}
}());
