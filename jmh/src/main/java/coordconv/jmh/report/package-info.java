/** Tables and charts, as one self-contained HTML page and as Markdown. */
package coordconv.jmh.report;
