/** Where the floats lie: every kind of memory, red zones around it, and what is refused. */
package coordconv.verification.memory;
