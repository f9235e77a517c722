/** The report: one HTML page that needs nothing but itself. */
import type { FigureResults } from '../figure-results.ts'
import { anchorOf, figureSection, numbersTable } from './figure-section.ts'
import { honestLines } from './honest-lines.ts'
import { type Html, html } from './html.ts'

/** What a report is made of. */
export interface Report {
  /** In the paper's order. */
  readonly figures: readonly FigureResults[]
  /** What is in the directory and not in the page, a sentence each. */
  readonly leftOut: readonly string[]
}

const style = `
:root{color-scheme:light dark;--text:#1a1f2b;--muted:#5a6272;--paper:#fff;--line:#dfe3ea;--accent:#0b5cad;--warn-paper:#fff6e5;--warn-line:#d99a20}
@media screen and (prefers-color-scheme:dark){:root{--text:#e8eaf0;--muted:#a3abbb;--paper:#12151d;--line:#2b3040;--accent:#6cb2ff;--warn-paper:#2a2213;--warn-line:#b98522}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1480px;padding:24px 28px 60px;background:var(--paper);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{font-size:27px;line-height:1.2;margin:0 0 6px}
h2{font-size:20px;margin:0 0 2px}
a{color:var(--accent)}
section{border-top:1px solid var(--line);margin-top:34px;padding-top:20px}
p{margin:6px 0;max-width:92ch}
.where,.small{color:var(--muted);font-size:13.5px}
.honest{background:var(--warn-paper);border-left:3px solid var(--warn-line);padding:8px 14px;margin:10px 0;max-width:100ch}
ul.honest{padding-left:30px}
.panels{display:flex;flex-wrap:wrap;gap:14px 20px;margin:14px 0}
figure{margin:0;max-width:100%}
figure svg{max-width:100%;height:auto;display:block}
.scrolls{overflow-x:auto;margin:10px 0}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
td:last-child{white-space:normal;min-width:110px}
th{font-weight:600;color:var(--muted)}
.number{text-align:right}
.lacking{color:var(--muted);text-decoration:line-through}
summary{cursor:pointer;color:var(--muted);font-size:13.5px;margin-top:10px}
code{font-size:13px}
nav{margin:14px 0}nav a{margin-right:16px;white-space:nowrap}
@media print{body{max-width:none;padding:0;font-size:11pt}section{break-before:page}figure,table,tr{break-inside:avoid}.panels{gap:8px}figure{width:48%}nav{display:none}.scrolls{overflow:visible}table{width:100%;font-size:7pt}td,th{white-space:normal;padding:2px 5px 2px 0}td:last-child{min-width:0}.panels{display:block}figure{display:inline-block;vertical-align:top}}
`

const overview = (figures: readonly FigureResults[]): readonly Html[] =>
  figures.flatMap((results) => {
    const numbers = numbersTable(results)
    return numbers === null
      ? []
      : [
          html`<h3>${results.figure?.title}${honestLines(results).length === 0 ? '' : ', not the paper\u2019s setting'}</h3>${numbers}`,
        ]
  })

/** The page. */
export const renderReport = async ({ figures, leftOut }: Report): Promise<string> => {
  const sections: Html[] = []
  for (const results of figures) sections.push(await figureSection(results))
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Train by Reconnect, reproduced</title>
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>Train by Reconnect, reproduced</h1>
<p>The figures of Qiu and Suda, <i>Train by Reconnect: Decoupling Locations of Weights from Their Values</i> (NeurIPS 2020, arXiv:2003.02570), trained anew with LaPerm. Accuracies are measured right after a synchronization, so that each belongs to a permutation of the initial weights; bands go from the least to the greatest of the seeds.</p>
${leftOut.length === 0 ? null : html`<ul class="honest">${leftOut.map((line) => html`<li>${line}</li>`)}</ul>`}
<nav>${figures.map((results) => html`<a href="#${anchorOf(results)}">${results.figure?.title ?? results.record.figure}</a> `)}</nav>
</header>
${overview(figures).length === 0 ? null : html`<section><h2>The paper\u2019s numbers and ours</h2><p class="where">Percent of the test set, or points where a difference is given; ours is the mean of the seeds\u2019 best.</p>${overview(figures)}</section>`}
${sections}
</body>
</html>
`.html
}
