/** Tests without a tolerance: every partial sum fits 24 bits, so the answer must be equal. */
package coordconv.verification.exact;
