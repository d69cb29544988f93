/** Layers with several inputs. */
package coordconv.layers.merging;
