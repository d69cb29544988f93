/** The example networks of the article on CoordConv. */
package coordconv.layers.networks;
