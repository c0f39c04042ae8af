'use strict';
// The picture of use over time: the time under the pointer, and a click that chooses it. Everything works without this, by the form.
(function () {
  const space = 'http://www.w3.org/2000/svg';
  const seconds = ns => (Number(ns / 1000n) / 1e6).toFixed(6) + ' s';

  function chart(svg) {
    const data = svg.dataset;
    const start = BigInt(data.start), end = BigInt(data.end);
    const left = Number(data.left), right = Number(data.right), width = Number(data.width);
    const used = data.used.split(' ');
    const line = svg.appendChild(document.createElementNS(space, 'line'));
    const text = svg.appendChild(document.createElementNS(space, 'text'));
    line.setAttribute('class', 'pointer');
    text.setAttribute('class', 'reading');
    text.setAttribute('y', '12');

    // Share of the picture's width, 0 to 1.
    function share(event) {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) * width / box.width;
      return Math.min(1, Math.max(0, (x - left) / (right - left)));
    }

    function time(at) {
      return start + (end - start) * BigInt(Math.round(at * 1e9)) / 1000000000n;
    }

    function show(at) {
      const x = left + (right - left) * at;
      for (const name of ['x1', 'x2']) line.setAttribute(name, x);
      line.setAttribute('y1', '16');
      line.setAttribute('y2', '224');
      text.setAttribute('x', x);
      text.setAttribute('text-anchor', at > 0.8 ? 'end' : at < 0.2 ? 'start' : 'middle');
      text.textContent = seconds(time(at)) + ': ' + used[Math.min(used.length - 1, Math.floor(at * used.length))];
    }

    svg.addEventListener('pointermove', event => show(share(event)));
    svg.addEventListener('pointerleave', () => { line.setAttribute('y2', '16'); text.textContent = ''; });
    svg.addEventListener('click', event => { location.href = data.target + '&t=' + time(share(event)); });
  }

  document.querySelectorAll('svg.live').forEach(chart);
  document.addEventListener('keydown', event => {
    const svg = document.querySelector('svg.live'), moment = document.getElementById('moment');
    const step = { ArrowLeft: -1n, ArrowRight: 1n }[event.key];
    if (!svg || !moment || !step || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
    const start = BigInt(svg.dataset.start), end = BigInt(svg.dataset.end);
    const [whole, part] = (moment.value + '.').split('.');
    const now = BigInt(whole || '0') * 1000000000n + BigInt((part + '000000000').slice(0, 9));
    const next = now + step * (end - start) / (event.shiftKey ? 20n : 480n);
    location.href = svg.dataset.target + '&t=' + (next < start ? start : next > end ? end : next);
  });
})();
