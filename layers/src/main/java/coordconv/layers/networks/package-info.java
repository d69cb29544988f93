/** Published networks by name, with coordinates and without. */
package coordconv.layers.networks;
