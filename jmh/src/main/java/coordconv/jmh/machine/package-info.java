/** The ceilings of the machine, measured in the same run as what is compared with them, and its description. */
package coordconv.jmh.machine;
