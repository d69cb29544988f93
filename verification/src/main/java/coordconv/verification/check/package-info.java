/** Holds a problem's forward and backward passes against the double reference. */
package coordconv.verification.check;
