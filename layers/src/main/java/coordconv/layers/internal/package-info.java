/** Loops that several layers share; not exported. */
package coordconv.layers.internal;
