// SPDX-License-Identifier: BSD-2-Clause
// Sorting and copying in the HTML report, which is complete without them.  Makes text nodes only.
"use strict";
(function () {
	var said = document.getElementById("said");

	function say(text) {
		said.textContent = text;
	}

	// What a cell is sorted by: the number behind it if it has one, else its text.
	function valueOf(row, column) {
		var cell = row.cells[column];
		var text = cell.hasAttribute("data-value") ? cell.getAttribute("data-value") : cell.textContent;
		var number = cell.classList.contains("n") || cell.hasAttribute("data-value") ?
			Number(text.replace(/,/g, "")) : NaN;

		return { number: number, text: text };
	}

	function compare(a, b) {
		if (!isNaN(a.number) && !isNaN(b.number))
			return a.number - b.number;
		return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
	}

	function sort(table, heads, column) {
		var head = heads[column], body = table.tBodies[0];
		var down = head.getAttribute("aria-sort") !== "descending";
		var rows = Array.prototype.map.call(body.rows, function (row, index) {
			return { row: row, value: valueOf(row, column), index: index };
		});

		rows.sort(function (a, b) {
			return (down ? compare(b.value, a.value) : compare(a.value, b.value)) || a.index - b.index;
		});
		rows.forEach(function (entry) {
			body.appendChild(entry.row);
		});
		heads.forEach(function (other) {
			other.removeAttribute("aria-sort");
		});
		head.setAttribute("aria-sort", down ? "descending" : "ascending");
		say("Sorted by " + head.textContent + (down ? ", descending" : ", ascending"));
	}

	function makeSortable(table) {
		var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);

		heads.forEach(function (head, column) {
			var button = document.createElement("button");

			if (head.hasAttribute("data-nosort"))
				return;
			button.type = "button";
			button.textContent = head.textContent;
			head.textContent = "";
			head.appendChild(button);
			button.addEventListener("click", function () {
				sort(table, heads, column);
			});
		});
	}

	// A page from a file may not be let at the clipboard: then the old way.
	function copyBySelection(text) {
		var area = document.createElement("textarea"), done;

		area.value = text;
		area.setAttribute("readonly", "");
		document.body.appendChild(area);
		area.select();
		done = document.execCommand("copy");
		document.body.removeChild(area);
		return done;
	}

	function tell(button, done) {
		var label = done ? "Copied" : "Select it by hand";

		button.textContent = label;
		say(label);
		setTimeout(function () {
			button.textContent = "Copy";
		}, 1500);
	}

	function makeCopying(button) {
		button.hidden = false;
		button.addEventListener("click", function () {
			var text = button.parentNode.querySelector("code").textContent;

			function bySelection() {
				tell(button, copyBySelection(text));
				button.focus();
			}
			if (!navigator.clipboard || !window.isSecureContext)
				bySelection();
			else
				navigator.clipboard.writeText(text).then(function () {
					tell(button, true);
				}, bySelection);
		});
	}

	Array.prototype.forEach.call(document.querySelectorAll("table.sortable"), makeSortable);
	Array.prototype.forEach.call(document.querySelectorAll("button.copy"), makeCopying);
}());
