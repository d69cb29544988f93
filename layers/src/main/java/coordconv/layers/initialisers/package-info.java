/** The first values of parameters. */
package coordconv.layers.initialisers;
