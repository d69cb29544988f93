/**
 * Layers with several inputs, and functions of two tensors of which one may be constant.
 *
 * {@snippet lang=java :
 * Graph.Builder g = Graph.builder();
 * Graph.Value x = g.input("x");
 * Graph.Value y = g.add("relu", new ReLU(), x);
 * g.output("sum", g.add("add", new Add(), x, y));
 * g.output("both", g.add("concat", new Concat(), x, y));      // along the channels
 * }
 */
package coordconv.layers.merging;
