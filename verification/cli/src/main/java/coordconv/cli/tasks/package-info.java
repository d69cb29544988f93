/** The report on a run of the CoordConv paper's tasks. */
package coordconv.cli.tasks;
