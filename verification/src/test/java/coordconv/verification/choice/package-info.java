/** What is chosen for a machine: in a JVM with and without the Vector API, whatever the system tells of its caches. */
package coordconv.verification.choice;
