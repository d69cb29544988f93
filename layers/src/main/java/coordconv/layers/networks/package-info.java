/**
 * Published networks by name, with coordinates and without.
 *
 * {@snippet lang=java :
 * Layer network = Networks.named("resnet18+xy", Shape.of(1, 3, 224, 224));
 * System.out.println(ModelSummary.of(network, Shape.of(1, 3, 224, 224)).table());
 * }
 */
package coordconv.layers.networks;
