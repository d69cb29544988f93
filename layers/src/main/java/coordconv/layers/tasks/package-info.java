/** The supervised tasks of the CoordConv paper: data, networks, settings and runs. */
package coordconv.layers.tasks;
