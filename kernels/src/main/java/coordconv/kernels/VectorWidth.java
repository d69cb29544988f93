package coordconv.kernels;

/** Which implementation and which vector species a plan runs on. */
public enum VectorWidth {
    /** The widest species the processor runs well, or the scalar code without the Vector API. */
    PREFERRED(0),
    /** Plain Java, no Vector API. */
    SCALAR(0),
    /** Species of 128 bits. */
    BITS_128(128),
    /** Species of 256 bits. */
    BITS_256(256),
    /** Species of 512 bits. */
    BITS_512(512);

    private final int bits;

    VectorWidth(int bits) {
        this.bits = bits;
    }

    /** {@return the width in bits, 0 where the constant does not fix one} */
    public int bits() {
        return bits;
    }

    /**
     * Finds the constant of a width.
     *
     * @param bits 128, 256 or 512
     * @return the constant
     * @throws IllegalArgumentException for any other width
     */
    public static VectorWidth ofBits(int bits) {
        for (VectorWidth width : values()) {
            if (bits != 0 && width.bits == bits) {
                return width;
            }
        }
        throw Arguments.refuse("species", bits + " bits", "128, 256 or 512");
    }
}
