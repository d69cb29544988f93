/**
 * Reports as one HTML file: headings, facts, tables, charts as inline SVG and pictures as inline PNG.
 *
 * <p>No script and nothing fetched from elsewhere: the file can be mailed and kept. XChart lays the
 * charts out, Batik turns them into SVG; legends and captions are HTML, so that they wrap on a phone and
 * can be read aloud.
 */
package coordconv.cli.report;
