/** What the machine can do at most, measured in the same run, and what it is. */
package coordconv.jmh.machine;
