/** The public API of the jars, held against the lists that are committed beside their poms. */
package coordconv.verification.api;
