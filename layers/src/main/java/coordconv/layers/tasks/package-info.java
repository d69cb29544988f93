/**
 * The supervised tasks of the CoordConv paper: data, networks, settings and runs. Beside them one of our own, the joints of
 * generated figures, which asks where in a network coordinates belong.
 *
 * {@snippet lang=java :
 * NotSoClevr.Parts parts = NotSoClevr.parts(Split.QUADRANT, 1);
 * Sequential network = TaskNetworks.of(Task.REGRESSION, ModelKind.COORDCONV);
 * System.out.println(parts.train().size() + " pictures to learn from, " + parts.test().size() + " held out");
 * }
 */
package coordconv.layers.tasks;
