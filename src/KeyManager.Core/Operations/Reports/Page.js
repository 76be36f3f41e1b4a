(function () {
  'use strict';
  // Everything that comes from a certificate is written as text, never as markup.
  var data = JSON.parse(document.getElementById('data').textContent);
  var columns = data.columns, rows = data.rows, size = 100, page = 0, column = -1, falling = false, everything = false;
  var body = document.getElementById('rows'), shown = document.getElementById('shown'), filter = document.getElementById('filter');
  var sort = document.getElementById('sort'), before = document.getElementById('before'), next = document.getElementById('next');
  var tones = ['', 'good', 'warning', 'bad'], texts = [], found = rows.map(function (row, i) { return i; });
  var compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare;

  function cell(row, i) {
    var td = document.createElement('td'), value = row[i], c = columns[i];
    td.setAttribute('role', 'cell');
    td.setAttribute('data-label', c.title);
    if (value === null || value === '') { return td; }
    if (c.kind === 'mark') {
      var mark = document.createElement('span');
      mark.className = 'mark ' + tones[row[columns.length]];
      mark.textContent = value;
      td.appendChild(mark);
      return td;
    }
    var text = document.createElement('bdi');
    text.textContent = value;
    td.appendChild(text);
    if (c.kind !== 'text') { td.className = c.kind; }
    return td;
  }

  function show() {
    var pages = Math.max(1, Math.ceil(found.length / size));
    page = Math.min(page, pages - 1);
    var first = everything ? 0 : page * size, last = everything ? found.length : Math.min(first + size, found.length);
    var part = document.createDocumentFragment();
    for (var n = first; n < last; n++) {
      var tr = document.createElement('tr');
      tr.setAttribute('role', 'row');
      for (var i = 0; i < columns.length; i++) { tr.appendChild(cell(rows[found[n]], i)); }
      part.appendChild(tr);
    }
    body.replaceChildren(part);
    shown.textContent = found.length === 0 ? 'Nothing fits.' : (first + 1) + ' to ' + last + ' of ' + found.length + (found.length < rows.length ? ' (of ' + rows.length + ')' : '');
    before.disabled = page === 0;
    next.disabled = page >= pages - 1;
  }

  function look() {
    var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = [];
    for (var i = 0; i < rows.length; i++) {
      var text = texts[i] || (texts[i] = rows[i].slice(0, columns.length).join('\n').toLowerCase());
      if (words.every(function (word) { return text.indexOf(word) >= 0; })) { found.push(i); }
    }
    order();
    page = 0;
    show();
  }

  function order() {
    if (column < 0) { return; }
    var kind = columns[column].kind, back = falling ? -1 : 1;
    found.sort(function (a, b) {
      var x = rows[a][column], y = rows[b][column];
      if (x === y) { return a - b; }
      if (x === null || x === '') { return 1; }
      if (y === null || y === '') { return -1; }
      return back * (kind === 'number' ? x - y : kind === 'day' ? (x < y ? -1 : 1) : compare(x, y)) || a - b;
    });
  }

  function by(i) {
    falling = column === i && !falling;
    column = i;
    heads.forEach(function (head, n) {
      if (n === i) { head.setAttribute('aria-sort', falling ? 'descending' : 'ascending'); } else { head.removeAttribute('aria-sort'); }
    });
    sort.value = String(i);
    order();
    page = 0;
    show();
  }

  var heads = Array.prototype.slice.call(document.querySelectorAll('thead th'));
  heads.forEach(function (head, i) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = columns[i].title;
    button.addEventListener('click', function () { by(i); });
    head.setAttribute('data-label', columns[i].title); // a browser does not print a button again on the next sheet
    head.replaceChildren(button);
    var option = document.createElement('option');
    option.value = String(i);
    option.textContent = columns[i].title;
    sort.appendChild(option);
  });
  sort.addEventListener('change', function () {
    column = -1;
    if (sort.value === '-1') { look(); } else { by(Number(sort.value)); }
  });
  var waits = 0;
  filter.addEventListener('input', function () { clearTimeout(waits); waits = setTimeout(look, 120); });
  function turn(by) { page += by; show(); document.getElementById('table').scrollIntoView(); }
  before.addEventListener('click', function () { turn(-1); });
  next.addEventListener('click', function () { turn(1); });
  window.addEventListener('beforeprint', function () { everything = true; show(); });
  window.addEventListener('afterprint', function () { everything = false; show(); });
  document.querySelectorAll('[hidden]').forEach(function (item) { item.hidden = false; });
  show();
}());
