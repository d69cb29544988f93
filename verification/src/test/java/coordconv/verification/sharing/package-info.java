/** Plans, packed weights and executors shared by many threads, and executors that let a call down. */
package coordconv.verification.sharing;
