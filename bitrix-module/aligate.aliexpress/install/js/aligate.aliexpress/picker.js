/**
 * Where a person chooses one thing out of very many: a category of AliExpress's tree, a property, a value. What is shown
 * comes from the server in small pieces, by what is typed.
 */
(function () {
	'use strict';

	var A = window.AligateAliexpress;
	var TYPING_MS = 250;

	/** A window over the page; `close` takes it away and gives the focus back. */
	function dialog(title, phrases) {
		var before = document.activeElement;
		var body = A.node('div', {className: 'aligate-dialog-body'});
		var cross = A.node('button', {type: 'button', className: 'aligate-dialog-close', title: phrases.CLOSE}, 'x');
		var frame = A.node('div', {className: 'aligate-dialog'}, A.node('div', {className: 'aligate-dialog-head'}, A.node('b', {}, title), cross), body);
		var cover = A.node('div', {className: 'aligate-cover'}, frame);
		frame.setAttribute('role', 'dialog');
		frame.setAttribute('aria-label', title);
		function close() {
			document.removeEventListener('keydown', onkey);
			if (cover.parentNode) {
				cover.parentNode.removeChild(cover);
			}
			if (before && before.focus) {
				before.focus();
			}
		}
		function onkey(event) {
			if (event.key === 'Escape') {
				close();
			}
		}
		cross.onclick = close;
		cover.onmousedown = function (event) {
			if (event.target === cover) {
				close();
			}
		};
		document.addEventListener('keydown', onkey);
		document.body.appendChild(cover);
		return {body: body, close: close};
	}

	/** Calls back some time after the last key, and never for an answer that is older than the last question. */
	function searching(input, load, show, fail) {
		var timer = 0;
		var asked = 0;
		function ask() {
			var mine = ++asked;
			load(input.value).then(function (found) {
				if (mine === asked) {
					show(found);
				}
			}, function (error) {
				if (mine === asked) {
					fail(error);
				}
			});
		}
		input.oninput = function () {
			window.clearTimeout(timer);
			timer = window.setTimeout(ask, TYPING_MS);
		};
		return ask;
	}

	function row(label, hint, onclick, isDeeper) {
		var made = A.node('button', {type: 'button', className: 'aligate-row', onclick: onclick}, A.node('span', {}, label));
		if (hint) {
			made.appendChild(A.node('small', {}, hint));
		}
		if (isDeeper) {
			made.appendChild(A.node('i', {}, '>'));
		}
		return made;
	}

	/**
	 * One of a list that is searched on the server.
	 * options: title, load(text) -> {items, more}, label(item), hint(item), pick(item)
	 */
	function pickOne(app, options) {
		var phrases = app.phrases;
		var box = dialog(options.title, phrases);
		var input = A.node('input', {type: 'search', className: 'aligate-search', placeholder: phrases.SEARCH});
		var list = A.node('div', {className: 'aligate-list'}, phrases.LOADING);
		var ask = searching(input, options.load, function (found) {
			A.clear(list);
			found.items.forEach(function (item) {
				list.appendChild(row(options.label(item), options.hint ? options.hint(item) : '', function () {
					box.close();
					options.pick(item);
				}));
			});
			if (!found.items.length) {
				list.appendChild(A.node('p', {}, phrases.NOTHING_FOUND));
			}
			if (found.more) {
				list.appendChild(A.node('p', {className: 'aligate-note'}, phrases.TYPE_MORE));
			}
		}, function (error) {
			A.clear(list);
			list.appendChild(app.fault(error));
		});
		box.body.appendChild(input);
		box.body.appendChild(list);
		input.focus();
		ask();
	}

	/** A leaf of the tree of categories: proposed for a section, searched by words, or found step by step. */
	function pickCategory(app, section, pick) {
		var phrases = app.phrases;
		var box = dialog(phrases.PICK_CATEGORY, phrases);
		var input = A.node('input', {type: 'search', className: 'aligate-search', placeholder: phrases.SEARCH_CATEGORY});
		var proposed = A.node('div', {className: 'aligate-proposed'});
		var way = A.node('div', {className: 'aligate-way'});
		var list = A.node('div', {className: 'aligate-list'}, phrases.LOADING);
		var above = [];
		var isProposing = false;

		function choose(item) {
			box.close();
			pick(item);
		}
		function notReady(place, again) {
			A.clear(place);
			place.appendChild(A.node('p', {}, phrases.TREE_NOT_READY + ' '));
			place.appendChild(A.button(phrases.TRY_AGAIN, again));
		}
		function fail(error) {
			A.clear(list);
			list.appendChild(app.fault(error));
		}
		function show(found) {
			if (!found.ready) {
				notReady(list, ask);
				return;
			}
			propose();
			A.clear(list);
			found.items.forEach(function (item) {
				var isSearch = input.value.trim() !== '';
				list.appendChild(row(isSearch ? item.path : item.name, item.leaf ? phrases.CHOOSE : '', function () {
					if (item.leaf) {
						choose(item);
					} else {
						input.value = '';
						above.push(item);
						ask();
					}
				}, !item.leaf));
			});
			if (!found.items.length) {
				list.appendChild(A.node('p', {}, phrases.NOTHING_FOUND));
			}
		}
		function showWay() {
			A.clear(way);
			if (input.value.trim() !== '') {
				return;
			}
			[null].concat(above).forEach(function (item, at) {
				way.appendChild(A.node('button', {type: 'button', className: 'aligate-link', onclick: function () {
					above = above.slice(0, at);
					ask();
				}}, item ? item.name : phrases.ALL_CATEGORIES));
				way.appendChild(document.createTextNode(' / '));
			});
		}
		var ask = searching(input, function (text) {
			var parent = above.length ? String(above[above.length - 1].id) : '';
			showWay();
			return app.run('categories', {parent: parent, search: text.trim()});
		}, show, fail);

		box.body.appendChild(proposed);
		box.body.appendChild(input);
		box.body.appendChild(way);
		box.body.appendChild(list);
		input.focus();
		ask();

		/** Once, as soon as there is a tree to propose from. */
		function propose() {
			if (!section || isProposing) {
				return;
			}
			isProposing = true;
			proposed.appendChild(A.node('p', {className: 'aligate-note'}, phrases.PROPOSALS_LOADING));
			app.run('proposals', {section: section}).then(function (found) {
				A.clear(proposed);
				if (!found.items.length) {
					return;
				}
				proposed.appendChild(A.node('p', {}, A.node('b', {}, phrases.PROPOSALS)));
				found.items.forEach(function (item) {
					proposed.appendChild(row(item.path, phrases.CHOOSE, function () {
						choose(item);
					}));
				});
			}, function () {
				// A proposal is a help; the list below says what is wrong.
				A.clear(proposed);
			});
		}
	}

	A.dialog = dialog;
	A.searching = searching;
	A.pickOne = pickOne;
	A.pickCategory = pickCategory;
}());
