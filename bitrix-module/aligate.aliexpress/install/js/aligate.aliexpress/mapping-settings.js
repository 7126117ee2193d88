/** Fields that a section and the common form both have: constants, defaults, templates. */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var NUMBERS = ['weight_kg', 'length_cm', 'width_cm', 'height_cm', 'lead_time_days'];
	var CHOICES = [['freight_template_id', 'freight_templates'], ['service_template_id', 'service_templates'], ['group_id', 'groups']];
	var REST = ['unit', 'size_chart_id'];

	function labelled(app, code, control, hint) {
		var cell = A.node('td', {}, control);
		if (hint) {
			cell.appendChild(A.node('div', {className: 'aligate-note'}, hint));
		}
		return A.node('tr', {}, A.node('td', {}, app.say(code) + ':'), cell);
	}

	function text(value, placeholder) {
		return A.node('input', {type: 'text', value: value === undefined || value === null ? '' : String(value), placeholder: placeholder || '', maxLength: 500});
	}

	/** A choice of the seller's templates; where the gateway knows none, its number can be typed. */
	function template(app, known, value, inherited) {
		var ids = Object.keys(known || {});
		if (!ids.length) {
			return text(value, inherited);
		}
		var given = value === undefined || value === null ? '' : String(value);
		var pairs = [['', inherited ? app.say('AS_COMMON', {VALUE: (known || {})[inherited] || inherited}) : app.say('NOT_SET')]];
		ids.forEach(function (id) {
			pairs.push([id, known[id]]);
		});
		if (given !== '' && ids.indexOf(given) < 0) {
			pairs.push([given, '#' + given]);
		}
		return A.choice(pairs, given);
	}

	/**
	 * Constants and defaults as rows of a table. `inherited` are those of every category, shown where a section says nothing.
	 * Returns {rows, read, field}: `field` finds the control of a name.
	 */
	A.mappingSettings = function (app, settings, inherited, choices, onchange) {
		var controls = {};
		var rows = [];
		var common = inherited || {};
		function shown(name) {
			return common[name] === undefined ? '' : String(common[name]);
		}
		NUMBERS.concat(REST).forEach(function (name) {
			controls[name] = text(settings[name], shown(name));
			rows.push(labelled(app, 'SET_' + name.toUpperCase(), controls[name], name === 'unit' ? app.say('SET_UNIT_HINT') : ''));
		});
		CHOICES.forEach(function (pair) {
			controls[pair[0]] = template(app, choices[pair[1]], settings[pair[0]], shown(pair[0]));
			rows.push(labelled(app, 'SET_' + pair[0].toUpperCase(), controls[pair[0]]));
		});
		controls.deduction = A.choice([['', app.say('NOT_SET')], ['place_order_withhold', app.say('DEDUCTION_PLACED')],
			['payment_success_deduct', app.say('DEDUCTION_PAID')]], settings.deduction || '');
		rows.push(labelled(app, 'SET_DEDUCTION', controls.deduction));
		controls.barcodes = A.choice([['', app.say('NOT_SET')], ['Y', app.say('YES')], ['N', app.say('NO')]],
			settings.barcodes === undefined ? '' : (settings.barcodes ? 'Y' : 'N'));
		rows.push(labelled(app, 'SET_BARCODES', controls.barcodes));
		Object.keys(controls).forEach(function (name) {
			controls[name].onchange = onchange;
			controls[name].setAttribute('data-field', name);
		});
		return {
			rows: rows,
			read: function () {
				return Object.keys(controls).reduce(function (all, name) {
					all[name] = controls[name].value;
					return all;
				}, {});
			}
		};
	};

	/** Templates of title and description. */
	A.mappingTemplates = function (app, values, onchange) {
		var title = A.node('input', {type: 'text', value: values.title || '', placeholder: values.titleOf || '', size: 60, onchange: onchange});
		var description = A.node('textarea', {value: values.description || '', placeholder: values.descriptionOf || '', rows: 4, cols: 60, onchange: onchange});
		title.setAttribute('data-field', 'title');
		description.setAttribute('data-field', 'description');
		return {
			rows: [
				labelled(app, 'TEMPLATE_TITLE', title, app.say('TEMPLATE_HINT')),
				labelled(app, 'TEMPLATE_DESCRIPTION', description, app.say('TEMPLATE_DESCRIPTION_HINT'))
			],
			title: title,
			description: description
		};
	};

	A.mappingLabelled = labelled;
}());
