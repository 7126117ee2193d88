/**
 * The module's pages: each place that the server marks with data-aligate-widget is filled by the function of that name.
 * Text comes from the server's phrases; everything shown is set as text, never as HTML.
 */
(function () {
	'use strict';

	var WIDGETS = {};
	var POLL_MS = 1000;

	/** An element: node('td', {onclick: f}, 'text', child). */
	function node(tag, props) {
		var made = document.createElement(tag);
		Object.keys(props || {}).forEach(function (key) {
			made[key] = props[key];
		});
		for (var at = 2; at < arguments.length; at++) {
			var child = arguments[at];
			if (child !== null && child !== undefined) {
				made.appendChild(typeof child === 'object' ? child : document.createTextNode(String(child)));
			}
		}
		return made;
	}

	function clear(place) {
		while (place.firstChild) {
			place.removeChild(place.firstChild);
		}
	}

	/** Calls an action of the module; a refusal rejects with {code, message, status}. */
	function run(action, data) {
		return new Promise(function (resolve, reject) {
			BX.ajax.runAction('aligate:aliexpress.' + action, {data: data}).then(function (answer) {
				resolve(answer.data);
			}, function (answer) {
				var error = (answer && answer.errors && answer.errors[0]) || {code: 'network', message: ''};
				var more = error.customData || {};
				reject({code: String(error.code), message: error.message, status: more.status || 0, more: more});
			});
		});
	}

	function table(heads, rows) {
		var body = node('table', {className: 'internal'});
		body.style.width = '100%';
		var head = node('tr', {className: 'heading'});
		heads.forEach(function (text) {
			head.appendChild(node('td', {}, text));
		});
		body.appendChild(head);
		rows.forEach(function (cells) {
			var row = node('tr', {});
			cells.forEach(function (cell) {
				row.appendChild(node('td', {}, cell));
			});
			body.appendChild(row);
		});
		return body;
	}

	function button(text, onclick, isSave) {
		return node('input', {type: 'button', value: text, onclick: onclick, className: isSave ? 'adm-btn-save' : ''});
	}

	function choice(values, selected) {
		var select = node('select', {});
		values.forEach(function (pair) {
			select.appendChild(node('option', {value: pair[0], selected: pair[0] === selected}, pair[1]));
		});
		return select;
	}

	function fault(phrases, error) {
		var text = error.status === 404 ? phrases.NOT_OFFERED : (phrases.AWAY || '') + ' ' + error.message;
		var shown = node('div', {}, text);
		shown.style.color = '#c00';
		return shown;
	}

	function age(phrases, ms) {
		var secs = Math.floor(ms / 1000);
		if (secs < 120) {
			return phrases.SECONDS.replace('#N#', secs);
		}
		if (secs < 7200) {
			return phrases.MINUTES.replace('#N#', Math.floor(secs / 60));
		}
		if (secs < 172800) {
			return phrases.HOURS_AGO.replace('#N#', Math.floor(secs / 3600));
		}
		return phrases.DAYS.replace('#N#', Math.floor(secs / 86400));
	}

	/* ---- the gateway's side of the status page ---- */

	WIDGETS.status = function (place, data) {
		var phrases = data.phrases;
		var answers = node('div', {});
		var letters = node('div', {});
		var replay = node('div', {});
		clear(place);
		[answers, letters, replay].forEach(function (part) {
			place.appendChild(part);
		});
		answers.appendChild(node('p', {}, phrases.LOADING));
		run('gateway.status', {connection: data.connection}).then(function (status) {
			showAnswers(answers, status, data);
			showDeadLetters(letters, data);
			if (data.canAct) {
				showReplay(replay, data);
			}
		}, function (error) {
			clear(answers);
			answers.appendChild(fault(phrases, error));
		});
	};

	function laneName(phrases, lane) {
		return phrases['LANE_' + lane.toUpperCase()] || lane;
	}

	function sum(counts) {
		return Object.keys(counts || {}).reduce(function (all, key) {
			return all + counts[key];
		}, 0);
	}

	function showAnswers(place, status, data) {
		var phrases = data.phrases;
		var lanes = status.lanes || {};
		var names = Object.keys(lanes);
		var oldest = names.reduce(function (most, lane) {
			return Math.max(most, lanes[lane].oldest_age_ms || 0);
		}, 0);
		var dead = names.reduce(function (all, lane) {
			return all + (lanes[lane].dead || 0);
		}, 0);
		var held = names.reduce(function (all, lane) {
			return all + (lanes[lane].held || 0);
		}, 0);
		clear(place);
		if (status.mode === 'observe') {
			place.appendChild(node('p', {}, node('b', {}, phrases.OBSERVES)));
		}
		place.appendChild(table(
			[phrases.FRESH, phrases.STUCK, phrases.LIMIT, phrases.TOKEN],
			[[
				oldest > 0 ? phrases.FRESH_HINT.replace('#AGE#', age(phrases, oldest)) : phrases.DONE,
				dead > 0 ? phrases.STUCK_HINT.replace('#COUNT#', dead) : phrases.DEAD_NONE,
				limits(phrases, status.limits),
				token(phrases, status.token || {}, data)
			]]
		));
		if (held > 0 && data.canAct) {
			place.appendChild(guard(held, data));
		}
		var busy = names.filter(function (lane) {
			var stats = lanes[lane];
			return stats.depth || stats.leased || stats.awaiting || stats.held || stats.dead || stats.paused || sum(stats.parked);
		});
		if (busy.length) {
			place.appendChild(node('br', {}));
			place.appendChild(table(
				[phrases.LANE, phrases.DUE, phrases.LEASED, phrases.AWAITING, phrases.PARKED, phrases.HELD, phrases.DEAD, phrases.OLDEST],
				busy.map(function (lane) {
					var stats = lanes[lane];
					var name = laneName(phrases, lane) + (stats.paused ? ' (' + phrases.PAUSED + ')' : '');
					var parked = Object.keys(stats.parked || {}).map(function (reason) {
						return reason + ': ' + stats.parked[reason];
					}).join(', ');
					return [
						name, stats.depth, stats.leased, stats.awaiting, parked || 0, stats.held, stats.dead,
						stats.oldest_age_ms ? age(phrases, stats.oldest_age_ms) : ''
					];
				})
			));
		}
		var known = phrases.LISTINGS.replace('#SKUS#', (status.listings || {}).skus || 0)
			.replace('#LISTINGS#', (status.listings || {}).listings || 0);
		place.appendChild(node('p', {}, known + ' ' + phrases.VERSION.replace('#VERSION#', status.version || '')));
	}

	function limits(phrases, app) {
		if (!app) {
			return '';
		}
		return phrases.LIMIT_HINT.replace('#USED#', app.used_last_second).replace('#ALLOWED#', app.requests_per_second);
	}

	function token(phrases, held, data) {
		var states = {
			ok: phrases.TOKEN_OK,
			missing: phrases.TOKEN_NONE,
			refused: phrases.TOKEN_REFUSED,
			application_refused: phrases.TOKEN_REFUSED,
			ended: phrases.TOKEN_REFUSED,
			needs_consent: phrases.TOKEN_REFUSED
		};
		var cell = node('div', {}, states[held.state] || held.state || phrases.TOKEN_NONE);
		if (typeof held.consent_days_left === 'number') {
			cell.appendChild(node('div', {}, phrases.TOKEN_DAYS.replace('#N#', held.consent_days_left)));
		}
		if (data.canAct) {
			cell.appendChild(node('div', {}, button(phrases.CONSENT, function () {
				run('gateway.consent', {connection: data.connection}).then(function (answer) {
					window.open(answer.url, '_blank', 'noopener');
				}, function (error) {
					cell.appendChild(fault(phrases, error));
				});
			})));
		}
		return cell;
	}

	function guard(held, data) {
		var phrases = data.phrases;
		var box = node('div', {className: 'adm-info-message'}, node('b', {}, phrases.GUARD.replace('#COUNT#', held)));
		box.appendChild(node('p', {}, phrases.GUARD_HINT));
		function decide(confirm) {
			return function () {
				if (confirm === 'Y' && !window.confirm(phrases.GUARD_CONFIRM_SURE)) {
					return;
				}
				run('gateway.guard', {connection: data.connection, confirm: confirm}).then(function () {
					window.location.reload();
				}, function (error) {
					box.appendChild(fault(phrases, error));
				});
			};
		}
		box.appendChild(button(phrases.GUARD_DISCARD, decide('N'), true));
		box.appendChild(button(phrases.GUARD_CONFIRM, decide('Y')));
		return box;
	}

	function showDeadLetters(place, data) {
		var phrases = data.phrases;
		run('gateway.deadLetters', {connection: data.connection}).then(function (page) {
			clear(place);
			if (!page.items.length) {
				return;
			}
			var groups = {};
			page.items.forEach(function (item) {
				var name = item.lane + ' ' + item.reason;
				groups[name] = groups[name] || {lane: item.lane, reason: item.reason, detail: item.detail, keys: []};
				groups[name].keys.push(item.key);
			});
			place.appendChild(node('h3', {}, phrases.DEAD_LETTERS));
			place.appendChild(table(
				[phrases.LANE, phrases.REASON, phrases.COUNT, phrases.KEYS, ''],
				Object.keys(groups).map(function (name) {
					var group = groups[name];
					return [
						laneName(phrases, group.lane),
						node('div', {}, node('b', {}, group.reason), node('div', {}, group.detail || '')),
						group.keys.length,
						group.keys.slice(0, 10).join(', ') + (group.keys.length > 10 ? ' ...' : ''),
						data.canAct ? letterButtons(group, data) : ''
					];
				})
			));
			if (page.next) {
				place.appendChild(node('p', {}, phrases.MORE));
			}
			if (data.canAct) {
				place.appendChild(button(phrases.REDRIVE_ALL, function () {
					run('gateway.redrive', {connection: data.connection}).then(function () {
						showDeadLetters(place, data);
					}, function (error) {
						place.appendChild(fault(phrases, error));
					});
				}));
			}
		}, function (error) {
			clear(place);
			place.appendChild(fault(phrases, error));
		});
	}

	function letterButtons(group, data) {
		var phrases = data.phrases;
		var cell = node('div', {});
		function act(action) {
			return function () {
				if (action === 'discard' && !window.confirm(phrases.DISCARD_SURE)) {
					return;
				}
				var which = {connection: data.connection, keys: group.keys, lane: group.lane};
				run('gateway.' + action, which).then(function (answer) {
					clear(cell);
					cell.appendChild(node('span', {}, phrases.DONE + ': ' + answer.count));
				}, function (error) {
					cell.appendChild(fault(phrases, error));
				});
			};
		}
		cell.appendChild(button(phrases.REDRIVE, act('redrive')));
		cell.appendChild(button(phrases.DISCARD, act('discard')));
		return cell;
	}

	function showReplay(place, data) {
		var phrases = data.phrases;
		var lane = choice([
			['', phrases.ALL_LANES], ['stock', phrases.LANE_STOCK], ['price', phrases.LANE_PRICE], ['product', phrases.LANE_PRODUCT]
		]);
		var hours = node('input', {type: 'number', min: 0, max: 8760, value: 2});
		var answer = node('span', {});
		var go = button(phrases.REPLAY_RUN, function () {
			ask('N').then(function (started) {
				follow(started.job);
			}, refuse);
		}, true);
		go.disabled = true;
		function ask(dryRun) {
			return run('gateway.replay', {connection: data.connection, lane: lane.value, hours: hours.value, dryRun: dryRun});
		}
		function refuse(error) {
			clear(answer);
			answer.appendChild(fault(phrases, error));
		}
		function follow(job) {
			run('gateway.job', {connection: data.connection, id: job}).then(function (state) {
				answer.textContent = phrases.REPLAY_DONE.replace('#DONE#', state.done).replace('#TOTAL#', state.total === null ? '?' : state.total);
				if (state.state === 'running') {
					window.setTimeout(follow, POLL_MS, job);
				}
			}, refuse);
		}
		place.appendChild(node('h3', {}, phrases.REPLAY));
		place.appendChild(node('p', {}, phrases.REPLAY_HINT));
		place.appendChild(node('p', {}, lane, ' ', hours, ' ', phrases.HOURS, ' ', button(phrases.REPLAY_PREVIEW, function () {
			ask('Y').then(function (found) {
				answer.textContent = phrases.REPLAY_FOUND.replace('#MATCHED#', found.matched)
					.replace('#REQUESTS#', found.requests).replace('#SECONDS#', Math.ceil(found.requests / 40));
				go.disabled = found.matched === 0;
			}, refuse);
		}), ' ', go, ' ', answer));
	}

	/* ---- the full export ---- */

	WIDGETS.export = function (place, data) {
		var phrases = data.phrases;
		var iblock = choice([['0', phrases.EXPORT_ALL]].concat(Object.keys(data.iblocks).map(function (id) {
			return [id, data.iblocks[id]];
		})));
		var section = node('input', {type: 'number', min: 0, value: 0});
		var force = node('input', {type: 'checkbox'});
		var bar = node('progress', {max: 1, value: 0});
		var said = node('p', {});
		var start = button(phrases.EXPORT_START, function () {
			run('export.start', {
				connection: data.connection, iblock: iblock.value, section: section.value, force: force.checked ? 'Y' : 'N'
			}).then(step, refuse);
		}, true);
		var cancel = button(phrases.EXPORT_CANCEL, function () {
			run('export.cancel', {connection: data.connection}).then(show, refuse);
		});
		bar.style.width = '100%';
		start.disabled = !data.canAct;
		cancel.disabled = true;
		clear(place);
		place.appendChild(node('p', {}, phrases.EXPORT_HINT));
		place.appendChild(node('p', {}, phrases.EXPORT_IBLOCK + ' ', iblock));
		place.appendChild(node('p', {}, phrases.EXPORT_SECTION + ' ', section, ' ' + phrases.EXPORT_SECTION_HINT));
		place.appendChild(node('p', {}, node('label', {}, force, ' ' + phrases.EXPORT_FORCE), node('br', {}), phrases.EXPORT_FORCE_HINT));
		place.appendChild(node('p', {}, start, ' ', cancel));
		place.appendChild(bar);
		place.appendChild(said);
		function refuse(error) {
			clear(said);
			said.appendChild(fault(phrases, error));
			said.appendChild(node('div', {}, phrases.EXPORT_AWAY));
			start.disabled = false;
		}
		function show(answer) {
			var progress = answer && answer.progress;
			var isRunning = Boolean(progress) && progress.state === 'running';
			start.disabled = isRunning || !data.canAct;
			cancel.disabled = !isRunning || !data.canAct;
			if (!progress) {
				return false;
			}
			bar.max = Math.max(progress.total, 1);
			bar.value = progress.state === 'done' ? bar.max : progress.done;
			said.textContent = phrases['EXPORT_' + progress.state.toUpperCase()]
				.replace('#DONE#', progress.done).replace('#TOTAL#', progress.total);
			return isRunning;
		}
		function step(answer) {
			if (show(answer)) {
				run('export.step', {connection: data.connection}).then(step, refuse);
			}
		}
		// One that was left behind goes on.
		run('export.state', {connection: data.connection}).then(data.canAct ? step : show, refuse);
	};

	/* ---- a SKU's trace in the product's card ---- */

	WIDGETS.trace = function (place, data) {
		var phrases = data.phrases;
		clear(place);
		data.skus.forEach(function (sku) {
			var body = node('div', {}, phrases.LOADING);
			place.appendChild(node('h3', {}, sku));
			place.appendChild(body);
			run('gateway.trace', {connection: data.connection, sku: sku}).then(function (trace) {
				clear(body);
				showTrace(body, trace, phrases);
			}, function (error) {
				clear(body);
				body.appendChild(fault(phrases, error));
			});
		});
	};

	function showTrace(place, trace, phrases) {
		var lanes = trace.lanes || [];
		if (!lanes.length) {
			place.appendChild(node('p', {}, phrases.TRACE_NONE));
			return;
		}
		place.appendChild(table(
			[phrases.LANE, phrases.PLACE, phrases.STATE, phrases.CONFIRMED, phrases.REASON],
			lanes.map(function (lane) {
				var entry = lane.entry || lane;
				return [
					laneName(phrases, entry.lane || ''),
					phrases['PLACE_' + String(entry.place).toUpperCase()] || entry.place,
					JSON.stringify(entry.state),
					JSON.stringify(lane.confirmed || {}),
					[entry.reason, entry.detail].filter(Boolean).join(': ')
				];
			})
		));
	}

	/* ---- "check connection" on the settings page ---- */

	function checkConnection(pressed) {
		var answer = pressed.parentNode.querySelector('[data-aligate-check-answer]');
		answer.textContent = '...';
		run('gateway.status', {connection: pressed.getAttribute('data-aligate-check')}).then(function (status) {
			answer.style.color = '#080';
			answer.textContent = 'OK, aligate ' + status.version + ', ' + status.mode;
		}, function (error) {
			answer.style.color = '#c00';
			answer.textContent = error.message;
		});
	}

	/** Other scripts of the module add their widgets here. */
	window.AligateAliexpress = {
		widgets: WIDGETS, node: node, clear: clear, run: run, table: table, button: button, choice: choice, fault: fault, fill: fill
	};

	function fill() {
		var places = document.querySelectorAll('[data-aligate-widget]:not([data-aligate-filled])');
		Array.prototype.forEach.call(places, function (place) {
			var widget = WIDGETS[place.getAttribute('data-aligate-widget')];
			if (widget) {
				place.setAttribute('data-aligate-filled', '1');
				widget(place, JSON.parse(place.getAttribute('data-aligate')));
			}
		});
		var checks = document.querySelectorAll('[data-aligate-check]');
		Array.prototype.forEach.call(checks, function (pressed) {
			pressed.onclick = function () {
				checkConnection(pressed);
			};
		});
	}

	if (document.readyState === 'loading') {
		document.addEventListener('DOMContentLoaded', fill);
	} else {
		fill();
	}
}());
