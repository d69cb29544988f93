/**
 * The first values of parameters.
 *
 * {@snippet lang=java :
 * ConvSpec spec = ConvSpec.of(3, 16, 3).withInitialisers(Initialisers.kaimingNormal(0), Initialisers.constant(0));
 * network.initialise(1);                                      // the seed of every layer's values
 * }
 */
package coordconv.layers.initialisers;
