/** The coordinates of every published convention, against values worked out by hand. */
package coordconv.verification.coords;
