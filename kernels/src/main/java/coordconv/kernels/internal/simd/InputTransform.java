package coordconv.kernels.internal.simd;

/**
 * The input transform {@code V = B^T d B} of Winograd's minimal filtering F(m x m, 3 x 3), for a few vectors of tiles at
 * a time: a tile d has {@code (m + 2) x (m + 2)} elements, and so has V.
 */
public interface InputTransform {
    /** How the elements of a vector of tiles lie in the source. */
    enum Access {
        /** Side by side. */
        CONTIGUOUS,
        /** Within two vectors from the first. */
        TWO_VECTOR_SHUFFLE,
        /** Anywhere. */
        GATHER
    }

    /**
     * What a transform is compiled for.
     *
     * @param outputSize m: 2 or 4
     * @param access how tiles lie
     */
    record Shape(int outputSize, Access access) {}

    /**
     * Transforms vectors of tiles of several channels. Element (i, j) of tile t of channel c is read at
     * {@code srcAt + c * channelStride + tapAt[i * (m + 2) + j] + columnAt[column + t]}, and written to
     * {@code dstAt + c * dstChannelStride + (i * (m + 2) + j) * pointStride + t}.
     *
     * @param src source
     * @param srcAt offset of channel 0
     * @param channelStride stride from one channel to the next in the source
     * @param channels number of channels
     * @param tapAt offset of each element of a tile
     * @param columnAt offset of each tile, rising
     * @param column index in {@code columnAt} of the first tile
     * @param vectors number of vectors
     * @param dst destination
     * @param dstAt where the first element of channel 0 goes
     * @param dstChannelStride stride from one channel to the next in the destination
     * @param pointStride stride from one element to the next in the destination
     * @param scratchAt offset in the destination of {@code (m + 2) * (m + 2)} vectors that may be overwritten
     */
    void run(float[] src, int srcAt, int channelStride, int channels, int[] tapAt, int[] columnAt, int column, int vectors,
             float[] dst, int dstAt, int dstChannelStride, int pointStride, int scratchAt);
}
