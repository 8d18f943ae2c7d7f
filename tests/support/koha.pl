# Searches as Koha's cataloguing does: over all servers at once, records one by one, and no goodbye.
use strict;
use warnings;
use utf8;
use open qw(:std :utf8);
use Encode qw(decode encode);
use ZOOM;

my ( $port, $syntax, @queries ) = map { decode( 'UTF-8', $_ ) } @ARGV;
for my $query (@queries) {
    my $option = ZOOM::Options->new();
    $option->option( async                 => 1 );
    $option->option( elementSetName        => 'F' );
    $option->option( preferredRecordSyntax => $syntax );
    $option->option( databaseName          => 'union' );
    $option->option( user                  => 'koha' );
    $option->option( password              => 'bi-mat' );
    my $connection = ZOOM::Connection->create($option);
    $connection->connect( '127.0.0.1', $port );
    my $result = $connection->search_pqf( encode( 'UTF-8', $query ) );
    while ( ( my $at = ZOOM::event( [$connection] ) ) != 0 ) {
        last if $connection->last_event() == ZOOM::Event::ZEND;
    }
    my ( $error, undef, $told ) = $connection->error_x();
    if ($error) {
        print "$query\terror $error $told\n";
        next;
    }
    my $hits   = $result->size();
    my @titles = ();
    for my $at ( 0 .. ( $hits < 20 ? $hits : 20 ) - 1 ) {
        my $record = $result->record($at);
        # The next one is fetched by a Present of its own.
        while ( ZOOM::event( [$connection] ) != 0 ) {
            last if $connection->last_event() == ZOOM::Event::ZEND;
        }
        $record ||= $result->record($at);
        my $raw = decode( 'UTF-8', $record->raw() );
        push @titles, $raw =~ /\x1f[a](Số đỏ|Truyện Kiều|Đất rừng phương Nam)/ ? $1 : '?';
    }
    print join( "\t", $query, $hits, sort @titles ), "\n";
}
