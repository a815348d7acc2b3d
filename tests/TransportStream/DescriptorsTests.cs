using System.Xml;
using System.Xml.Linq;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Descriptors whose bytes were put together from the syntax tables of the standards, apart from the product, and what TSDuck's XML dialect calls their fields.</summary>
public sealed class DescriptorsTests
{
    [Theory]
    [InlineData("pmt", "020195",
        """
        <video_stream_descriptor multiple_frame_rate="true" frame_rate_code="2" MPEG_1_only="true" constrained_parameter="false" still_picture="true"/>
        """)]
    [InlineData("pmt", "0404D9CA4BCC",
        """
        <hierarchy_descriptor no_view_scalability_flag="true" no_temporal_scalability="true" no_spatial_scalability="false" no_quality_scalability="true" hierarchy_type="9" hierarchy_layer_index="10" tref_present="false" hierarchy_embedded_layer_index="11" hierarchy_channel="12"/>
        """)]
    [InlineData("pmt", "070401900C83",
        """
        <target_background_grid_descriptor horizontal_size="100" vertical_size="200" aspect_ratio_information="3"/>
        """)]
    [InlineData("pmt", "0B026F7F",
        """
        <system_clock_descriptor external_clock_reference="false" clock_accuracy_integer="47" clock_accuracy_exponent="3"/>
        """)]
    [InlineData("pmt", "0C04B039DD57",
        """
        <multiplex_buffer_utilization_descriptor LTW_offset_lower_bound="12,345" LTW_offset_upper_bound="23,895"/>
        """)]
    [InlineData("pmt", "0E03C04268",
        """
        <maximum_bitrate_descriptor maximum_bitrate="6,800,000"/>
        """)]
    [InlineData("pmt", "1006D23456E58963",
        """
        <smoothing_buffer_descriptor sb_leak_rate="0x00123456" sb_size="0x00258963"/>
        """)]
    [InlineData("pmt", "12024018",
        """
        <IBP_descriptor closed_gop="false" identical_gop="true" max_gop_length="24"/>
        """)]
    [InlineData("pmt", "150B0496541236789674187896",
        """
        <deferred_association_tags_descriptor transport_stream_id="0x7896" program_number="0x7418"><association tag="0x9654"/><association tag="0x1236"/><private_data>78 96</private_data></deferred_association_tags_descriptor>
        """)]
    [InlineData("pmt", "24140010970401234567FF3161BF15FF294990B1B496",
        """
        <content_labelling_descriptor metadata_application_format="0x0010" content_time_base_indicator="2" content_time_base_value="5,123,456,789" metadata_time_base_value="4,987,654,321" content_id="0x34"><content_reference_id>01 23 45 67</content_reference_id><private_data>96</private_data></content_labelling_descriptor>
        """)]
    [InlineData("pmt", "250B001110EF3F12345678ABCD",
        """
        <metadata_pointer_descriptor metadata_application_format="0x0011" metadata_format="0x10" metadata_service_id="0xEF" MPEG_carriage_flags="1" program_number="0x1234" transport_stream_location="0x5678" transport_stream_id="0xABCD"/>
        """)]
    [InlineData("pmt", "28042DAA4EBF",
        """
        <AVC_video_descriptor profile_idc="0x2D" constraint_set0="true" constraint_set1="false" constraint_set2="true" constraint_set3="false" constraint_set4="true" constraint_set5="false" AVC_compatible_flags="0x02" level_idc="0x4E" AVC_still_present="true" AVC_24_hour_picture="false" frame_packing_SEI_not_present="true"/>
        """)]
    [InlineData("pmt", "2A0FFF7F0000004E0000016D000B4FF99F",
        """
        <AVC_timing_and_HRD_descriptor hrd_management_valid="true" N="78" K="365" num_units_in_tick="741,369" fixed_frame_rate="true" temporal_poc="false" picture_to_display_conversion="false"/>
        """)]
    [InlineData("pmt", "310805DC06A4B7274D36",
        """
        <MVC_extension_descriptor average_bitrate="1,500" maximum_bitrate="1,700" view_association_not_present="true" base_view_is_left_eyeview="false" view_order_index_min="457" view_order_index_max="845" temporal_id_start="1" temporal_id_end="5" no_sei_nal_unit_present="true" no_prefix_nal_unit_present="false"/>
        """)]
    [InlineData("pmt", "32190345000008000000042D008954400001E2400001003CAB7F98",
        """
        <J2K_video_descriptor profile_and_level="0x0345" horizontal_size="2,048" vertical_size="1,069" max_bit_rate="9,000,000" max_buffer_size="123,456" DEN_frame_rate="1" NUM_frame_rate="60" color_specification="0xAB" still_mode="false" interlaced_video="true"><private_data>98</private_data></J2K_video_descriptor>
        """)]
    [InlineData("pmt", "330CAB5502CD00EF01FA0C02C1F5",
        """
        <MVC_operation_point_descriptor profile_idc="0xAB" constraint_set0="false" constraint_set1="true" constraint_set2="false" constraint_set3="true" constraint_set4="false" constraint_set5="true" AVC_compatible_flags="1"><level level_idc="0xCD"/><level level_idc="0xEF"><operation_point applicable_temporal_id="2" num_target_output_views="12"><ES reference="0x01"/><ES reference="0x35"/></operation_point></level></MVC_operation_point_descriptor>
        """)]
    [InlineData("pmt", "380F84123456785ABCDEF1234556AE3F9F",
        """
        <HEVC_video_descriptor profile_space="0x02" tier_flag="false" profile_idc="0x04" profile_compatibility_indication="0x12345678" progressive_source_flag="false" interlaced_source_flag="true" non_packed_constraint_flag="false" frame_only_constraint_flag="true" copied_44bits="0x00000ABCDEF12345" level_idc="0x56" HEVC_still_present_flag="false" HEVC_24hr_picture_present_flag="true" sub_pic_hrd_params_not_present="false" HDR_WCG_idc="2" temporal_id_min="1" temporal_id_max="4"/>
        """)]
    [InlineData("pmt", "390C0201123698745066DF30FBFD",
        """
        <VVC_video_descriptor profile_idc="0x01" tier_flag="false" progressive_source_flag="false" interlaced_source_flag="true" non_packed_constraint_flag="false" frame_only_constraint_flag="true" level_idc="0x66" VVC_still_present_flag="true" VVC_24hr_picture_present_flag="false" HDR_WCG_idc="0" video_properties_tag="0" temporal_id_min="3" temporal_id_max="5"><sub_profile_idc value="0x12369874"/></VVC_video_descriptor>
        """)]
    [InlineData("pmt", "3F0F038B7F000C0C960005929E000B4FF9",
        """
        <HEVC_timing_and_HRD_descriptor hrd_management_valid="true" target_schedule_idx="5" N="789,654" K="365,214" num_units_in_tick="741,369"/>
        """)]
    [InlineData("nit", "430B012094000192B602390004",
        """
        <satellite_delivery_system_descriptor frequency="12,094,000,000" orbital_position="19.2" west_east_flag="east" polarization="vertical" roll_off="0.20" modulation_system="DVB-S2" modulation_type="8PSK" symbol_rate="23,900,000" FEC_inner="5/6"/>
        """)]
    [InlineData("nit", "440B02201237FFF10301800003",
        """
        <cable_delivery_system_descriptor frequency="220,123,700" FEC_outer="none" modulation="64-QAM" symbol_rate="18,000,000" FEC_inner="3/4"/>
        """)]
    [InlineData("nit", "440B0A201237FFF2770180000F",
        """
        <cable_delivery_system_descriptor frequency="0x0A201237" FEC_outer="RS" modulation="0x77" symbol_rate="18,000,000" FEC_inner="none"/>
        """)]
    [InlineData("nit", "4A0E1345987FCDFE082E343487640145",
        """
        <linkage_descriptor transport_stream_id="0x1345" original_network_id="0x987F" service_id="0xCDFE" linkage_type="0x08"><mobile_handover_info handover_type="0x02" origin_type="NIT" network_id="0x3434" initial_service_id="0x8764"/><private_data>01 45</private_data></linkage_descriptor>
        """)]
    [InlineData("nit", "4A0A1345987FCDFE0D3444BF",
        """
        <linkage_descriptor transport_stream_id="0x1345" original_network_id="0x987F" service_id="0xCDFE" linkage_type="0x0D"><event_linkage_info target_event_id="0x3444" target_listed="true" event_simulcast="false"/></linkage_descriptor>
        """)]
    [InlineData("nit", "4A131545987FC1FE0F0A12349D3445763454876401",
        """
        <linkage_descriptor transport_stream_id="0x1545" original_network_id="0x987F" service_id="0xC1FE" linkage_type="0x0F"><extended_event_linkage_info><event target_event_id="0x1234" target_listed="true" event_simulcast="false" link_type="0x01" target_id_type="0x03" user_defined_id="0x3445"/><event target_event_id="0x7634" target_listed="false" event_simulcast="true" link_type="0x01" target_id_type="0x01" target_transport_stream_id="0x8764"/></extended_event_linkage_info><private_data>01</private_data></linkage_descriptor>
        """)]
    [InlineData("eit", "4E1C146567670E06446573632031064E616D652031085468652074657874",
        """
        <extended_event_descriptor descriptor_number="1" last_descriptor_number="4" language_code="egg"><text>The text</text><item><description>Desc 1</description><name>Name 1</name></item></extended_event_descriptor>
        """)]
    [InlineData("sdt", "510D1D5BF902C2F402789ABCDEF012",
        """
        <mosaic_descriptor mosaic_entry_point="false" number_of_horizontal_elementary_cells="1" number_of_vertical_elementary_cells="5"><cell logical_cell_id="0x16" logical_cell_presentation_info="0x01" cell_linkage_info="0x02" original_network_id="0x789A" transport_stream_id="0xBCDE" service_id="0xF012"><elementary_cell id="0x02"/><elementary_cell id="0x34"/></cell></mosaic_descriptor>
        """)]
    [InlineData("sdt", "571CDEDDBC31323435362D37383931323334353637203738392030313233",
        """
        <telephone_descriptor foreign_availability="false" connection_type="30" country_prefix="12" international_area_code="456-789" operator_code="1" national_area_code="234" core_number="567 789 0123"/>
        """)]
    [InlineData("tot", "581A616263070200E3480200000100657267460200E3480400000130",
        """
        <local_time_offset_descriptor><region country_code="abc" country_region_id="1" local_time_offset="-120" time_of_change="2018-03-07 02:00:00" next_time_offset="-60"/><region country_code="erg" country_region_id="17" local_time_offset="120" time_of_change="2018-03-07 04:00:00" next_time_offset="90"/></local_time_offset_descriptor>
        """)]
    [InlineData("nit", "5A0B0503F9440BAA2AFFFFFFFF",
        """
        <terrestrial_delivery_system_descriptor centre_frequency="841,465,000" bandwidth="8MHz" priority="LP" no_time_slicing="true" no_MPE_FEC="false" constellation="64-QAM" hierarchy_information="5" code_rate_HP_stream="3/4" code_rate_LP_stream="2/3" guard_interval="1/16" transmission_mode="8k" other_frequency="false"/>
        """)]
    [InlineData("eit", "6103A90123",
        """
        <short_smoothing_buffer_descriptor sb_size="2" sb_leak_rate="41">01 23</short_smoothing_buffer_descriptor>
        """)]
    [InlineData("nit", "6209FD1234567800387643",
        """
        <frequency_list_descriptor coding_type="satellite"><centre_frequency value="123,456,780,000"/><centre_frequency value="3,876,430,000"/></frequency_list_descriptor>
        """)]
    [InlineData("sit", "6308C78964C96325D234",
        """
        <partial_transport_stream_descriptor peak_rate="0x00078964" minimum_overall_smoothing_rate="0x00096325" maximum_overall_smoothing_buffer="0x1234"/>
        """)]
    [InlineData("sdt", "641A4567AC02010278797A1054686973206973207468652074657874",
        """
        <data_broadcast_descriptor data_broadcast_id="0x4567" component_tag="0xAC" language_code="xyz"><selector_bytes>01 02</selector_bytes><text>This is the text</text></data_broadcast_descriptor>
        """)]
    [InlineData("eit", "6903FF5DED",
        """
        <PDC_descriptor programme_identification_label="11-30 23:45"/>
        """)]
    [InlineData("pmt", "6A04AF9ABC98",
        """
        <DVB_AC3_descriptor component_type="0x9A" mainid="0xBC"><additional_info>98</additional_info></DVB_AC3_descriptor>
        """)]
    [InlineData("nit", "6C129ABC000040000320640856F0001000080040",
        """
        <cell_list_descriptor><cell cell_id="0x9ABC" cell_latitude="0" cell_longitude="16,384" cell_extent_of_latitude="50" cell_extent_of_longitude="100"><subcell cell_id_extension="0x56" subcell_latitude="-4,096" subcell_longitude="4,096" subcell_extent_of_latitude="128" subcell_extent_of_longitude="64"/></cell></cell_list_descriptor>
        """)]
    [InlineData("nit", "6D0C9ABC0165EC1505CD00015671",
        """
        <cell_frequency_link_descriptor><cell cell_id="0x9ABC" frequency="234,567,890"><subcell cell_id_extension="0xCD" transposer_frequency="876,650"/></cell></cell_frequency_link_descriptor>
        """)]
    [InlineData("sdt", "6E0B0012184A123456789ABCDE",
        """
        <announcement_support_descriptor><announcement announcement_type="1" reference_type="0"/><announcement announcement_type="4" reference_type="2" original_network_id="0x1234" transport_stream_id="0x5678" service_id="0x9ABC" component_tag="0xDE"/></announcement_support_descriptor>
        """)]
    [InlineData("eit", "760C0407666F6F2F626172091234",
        """
        <content_identifier_descriptor><crid crid_type="0x01" crid_location="0" crid="foo/bar"/><crid crid_type="0x02" crid_location="1" crid_ref="0x1234"/></content_identifier_descriptor>
        """)]
    [InlineData("pmt", "77041B673901",
        """
        <time_slice_fec_identifier_descriptor time_slicing="false" mpe_fec="0x00" frame_size="0x03" max_burst_duration="0x67" max_average_rate="0x03" time_slice_fec_id="0x09"><id_selector_bytes>01</id_selector_bytes></time_slice_fec_identifier_descriptor>
        """)]
    [InlineData("nit", "7906ED023456ABCD",
        """
        <S2_satellite_delivery_system_descriptor backwards_compatibility="true" TS_GS_mode="1" scrambling_sequence_index="0x00023456" input_stream_identifier="0xAB" timeslice_number="0xCD"/>
        """)]
    [InlineData("pmt", "7B06D20824684E78",
        """
        <DTS_descriptor sample_rate_code="0x0D" bit_rate_code="0x08" nblks="0x10" fsize="0x1234" surround_mode="0x09" lfe="true" extended_surround="0x02"><additional_info>78</additional_info></DTS_descriptor>
        """)]
    [InlineData("pmt", "7C0421FF4001",
        """
        <AAC_descriptor profile_and_level="0x21" SAOC_DE="true" AAC_type="0x40"><additional_info>01</additional_info></AAC_descriptor>
        """)]
    [InlineData("sdt", "7E01F5",
        """
        <FTA_content_management_descriptor user_defined="true" do_not_scramble="false" control_remote_access_over_internet="2" do_not_apply_revocation="true"/>
        """)]
    [InlineData("pmt", "7F14000CFC2B3E71C809696D6167652F706E67020123",
        """
        <image_icon_descriptor descriptor_number="0" last_descriptor_number="12" icon_id="4" icon_transport_mode="0" coordinate_system="2" icon_horizontal_origin="999" icon_vertical_origin="456" icon_type="image/png"><icon_data>01 23</icon_data></image_icon_descriptor>
        """)]
    [InlineData("nit", "7F170456789A13CD678A08075BCD1505E30A78051217EA6406",
        """
        <T2_delivery_system_descriptor plp_id="0x56" T2_system_id="0x789A"><extension SISO_MISO="SISO" bandwidth="10MHz" guard_interval="19/256" transmission_mode="1k" other_frequency="false" tfs="true"><cell cell_id="0x678A"><centre_frequency value="1,234,567,890"/><centre_frequency value="987,654,320"/><subcell cell_id_extension="0x12" transposer_frequency="4,012,369,980"/></cell></extension></T2_delivery_system_descriptor>
        """)]
    [InlineData("nit", "7F0605AFFF94AC17",
        """
        <SH_delivery_system_descriptor diversity_mode="0x0A"><modulation><OFDM bandwidth="1.7MHz" priority="1" constellation_and_hierarchy="2" code_rate="5" guard_interval="1/16" transmission_mode="4k" common_frequency="false"/><interleaver common_multiplier="5"/></modulation></SH_delivery_system_descriptor>
        """)]
    [InlineData("nit", "7F1407567810EF67E5E20234561132453B83DEADBEEF",
        """
        <network_change_notify_descriptor><cell cell_id="0x5678"><change network_change_id="0xEF" network_change_version="0x67" start_time_of_change="2020-01-02 02:34:56" change_duration="11:32:45" receiver_category="0x01" change_type="0x0B" message_id="0x83" invariant_ts_tsid="0xDEAD" invariant_ts_onid="0xBEEF"/></cell></network_change_notify_descriptor>
        """)]
    [InlineData("nit", "7F0C09626172FF616263789ABCDE",
        """
        <target_region_descriptor country_code="bar"><region country_code="abc" primary_region_code="0x78" secondary_region_code="0x9A" tertiary_region_code="0xBCDE"/></target_region_descriptor>
        """)]
    [InlineData("nit", "7F120A414243444546C6726567696F6E3456789A",
        """
        <target_region_name_descriptor country_code="ABC" ISO_639_language_code="DEF"><region region_name="region" primary_region_code="0x34" secondary_region_code="0x56" tertiary_region_code="0x789A"/></target_region_name_descriptor>
        """)]
    [InlineData("nit", "7F080DCDFADC76500A56",
        """
        <C2_delivery_system_descriptor plp_id="0xCD" data_slice_id="0xFA" C2_system_tuning_frequency="3,698,741,258" C2_system_tuning_frequency_type="1" active_OFDM_symbol_duration="2" guard_interval="0x06"/>
        """)]
    [InlineData("pmt", "7F0D0E170903775D81FF24666F6F78",
        """
        <DTS_HD_descriptor><substream_2 channel_count="3" LFE="false" sampling_frequency="0x0E" sample_resolution="true"><asset_info asset_construction="0x0B" vbr="true" post_encode_br_scaling="false" bit_rate="127" component_type="0x24" ISO_639_language_code="foo"/></substream_2><additional_info>78</additional_info></DTS_HD_descriptor>
        """)]
    [InlineData("pmt", "7F0B1000038007FF0100020101",
        """
        <video_depth_range_descriptor><range range_type="0x00" video_max_disparity_hint="-2,048" video_min_disparity_hint="2,047"/><range range_type="0x01"/><range range_type="0x02"><range_selector>01</range_selector></range></video_depth_range_descriptor>
        """)]
    [InlineData("nit", "7F0F13010A666F6F3A2F2F6261722F0190",
        """
        <URI_linkage_descriptor uri_linkage_type="0x01" uri="foo://bar/" min_polling_interval="400"/>
        """)]
    [InlineData("pmt", "7F0715C0C002123578",
        """
        <DVB_AC4_descriptor ac4_dialog_enhancement_enabled="true" ac4_channel_mode="2"><ac4_dsi_toc>12 35</ac4_dsi_toc><additional_info>78</additional_info></DVB_AC4_descriptor>
        """)]
    [InlineData("nit", "7F1E1750E3023456876543210037250456789600065432180340F600246754BD",
        """
        <S2X_satellite_delivery_system_descriptor receiver_profiles="0x0A" S2X_mode="3" TS_GS_S2X_mode="3" scrambling_sequence_index="0x00023456"><master_channel frequency="876,543,210,000" orbital_position="3.7" west_east_flag="west" polarization="vertical" roll_off="0.10" symbol_rate="456,789,600"/><channel_bond frequency="65,432,180,000" orbital_position="34.0" west_east_flag="east" polarization="right" roll_off="0.05" symbol_rate="24,675,400" input_stream_identifier="0xBD"/></S2X_satellite_delivery_system_descriptor>
        """)]
    [InlineData("pmt", "7F0E190813AF666F6FAB400102022589",
        """
        <audio_preselection_descriptor><preselection preselection_id="2" audio_rendering_indication="3" audio_description="true" spoken_subtitles="false" dialogue_enhancement="true" interactivity_enabled="false" ISO_639_language_code="foo" message_id="0xAB"><multi_stream_info><component tag="0x01"/><component tag="0x02"/></multi_stream_info><future_extension>25 89</future_extension></preselection></audio_preselection_descriptor>
        """)]
    [InlineData("pmt", "7F162062617242C201021234567801050544756D6D790000",
        """
        <TTML_subtitling_descriptor ISO_639_language_code="bar" subtitle_purpose="16" TTS_suitability="2" qualifier="0x12345678" service_name="Dummy" reserved_zero_future_count="2"><dvb_ttml_profile value="0x01"/><dvb_ttml_profile value="0x02"/><font_id value="0x05"/></TTML_subtitling_descriptor>
        """)]
    [InlineData("nit", "5F0400000029870E05046C697374737765041234FC2D",
        """
        <private_data_specifier_descriptor private_data_specifier="NorDig"/><nordig_logical_channel_descriptor_v2><channel_list id="0x05" name="list" country_code="swe"><service service_id="0x1234" logical_channel_number="45" visible_service="true"/></channel_list></nordig_logical_channel_descriptor_v2>
        """)]
    [InlineData("nit", "5F040000055F83083494B67478BFFC2D",
        """
        <private_data_specifier_descriptor private_data_specifier="Eutelsat"/><eutelsat_channel_number_descriptor><service original_network_id="0x3494" transport_stream_id="0xB674" service_id="0x78BF" eutelsat_channel_number="45"/></eutelsat_channel_number_descriptor>
        """)]
    [InlineData("nit", "5F040000320083040430FC09",
        """
        <private_data_specifier_descriptor private_data_specifier="Australia"/><australia_logical_channel_descriptor><service service_id="0x0430" logical_channel_number="9" visible_service="true"/></australia_logical_channel_descriptor>
        """)]
    [InlineData("nit", "5F0454654BD583020102",
        """
        <private_data_specifier_descriptor private_data_specifier="0x54654BD5"/><generic_descriptor tag="0x83">01 02</generic_descriptor>
        """)]
    [InlineData("pmt", "5F0441565356D10832554257090E08FF",
        """
        <private_data_specifier_descriptor private_data_specifier="AVSV"/><AVS3_video_descriptor profile_id="0x32" level_id="0x55" multiple_frame_rate_flag="false" frame_rate_code="8" sample_precision="2" chroma_format="1" temporal_id_flag="false" td_mode_flag="true" library_stream_flag="false" library_picture_enable_flag="true" colour_primaries="9" transfer_characteristics="14" matrix_coefficients="8"/>
        """)]
    [InlineData("avs3", "D10832554257090E08FF",
        """
        <AVS3_video_descriptor profile_id="0x32" level_id="0x55" multiple_frame_rate_flag="false" frame_rate_code="8" sample_precision="2" chroma_format="1" temporal_id_flag="false" td_mode_flag="true" library_stream_flag="false" library_picture_enable_flag="true" colour_primaries="9" transfer_characteristics="14" matrix_coefficients="8"/>
        """)]
    [InlineData("pmt", "0504435545498A0101",
        """
        <registration_descriptor format_identifier="0x43554549"/><cue_identifier_descriptor cue_stream_type="all"/>
        """)]
    [InlineData("pmt", "8A0101",
        """
        <generic_descriptor tag="0x8A">01</generic_descriptor>
        """)]
    [InlineData("avs", "3F044820193F",
        """
        <AVS_video_descriptor profile_id="0x48" level_id="0x20" multiple_frame_rate_flag="false" frame_rate_code="3" AVS_still_present="false" chroma_format="1" sample_precision="1"/>
        """)]
    [InlineData("avs2", "40044820193F",
        """
        <AVS2_video_descriptor profile_id="0x48" level_id="0x20" multiple_frame_rate_flag="false" frame_rate_code="3" AVS_still_present="false" chroma_format="1" sample_precision="1"/>
        """)]
    [InlineData("avs2", "520107",
        """
        <stream_identifier_descriptor component_tag="0x07"/>
        """)]
    [InlineData("pmt", "F30A63757676000300040005",
        """
        <CUVV_video_stream_descriptor cuvv_tag="0x63757676" cuva_version_map="0x0003" terminal_provide_code="0x0004" terminal_provide_oriented_code="1.0"/>
        """)]
    [InlineData("pmt", "F30A6E6F6E65000300040005",
        """
        <generic_descriptor tag="0xF3">6E 6F 6E 65 00 03 00 04 00 05</generic_descriptor>
        """)]
    [InlineData("nit", "5A08037E2A40253317FF",
        """
        <DTMB_terrestrial_delivery_system_descriptor centre_frequency="586,000,000" FEC="0.6" modulation="64-QAM" number_of_subcarrier="3780" frame_header_mode="PN945, variable phase" interleaving_mode="720" other_frequency="false" sfn_mfn_flag="MFN"/>
        """)]
    [InlineData("ait", "000A0500080B0C0D7F4B0506",
        """
        <application_descriptor service_bound="false" visibility="3" application_priority="75"><profile application_profile="0x0008" version="11.12.13"/><transport_protocol label="0x05"/><transport_protocol label="0x06"/></application_descriptor>
        """)]
    [InlineData("ait", "020B000105FF00010002000322",
        """
        <transport_protocol_descriptor transport_protocol_label="0x05"><object_carousel original_network_id="0x0001" transport_stream_id="0x0002" service_id="0x0003" component_tag="0x22"/></transport_protocol_descriptor>
        """)]
    [InlineData("ait", "021D00030909687474703A2F2F612F0103612F6209687474703A2F2F632F00",
        """
        <transport_protocol_descriptor transport_protocol_label="0x09"><http><url base="http://a/"><extension value="a/b"/></url><url base="http://c/"/></http></transport_protocol_descriptor>
        """)]
    [InlineData("ait", "150A696E6465782E68746D6C",
        """
        <simple_application_location_descriptor initial_path="index.html"/>
        """)]
    [InlineData("int", "0F050102030410",
        """
        <target_IP_slash_descriptor><address IPv4_addr="1.2.3.4" IPv4_slash_mask="16"/></target_IP_slash_descriptor>
        """)]
    [InlineData("int", "1111FE8000000000000093A3DEA02108B81E80",
        """
        <target_IPv6_slash_descriptor><address IPv6_addr="fe80::93a3:dea0:2108:b81e" IPv6_slash_mask="128"/></target_IPv6_slash_descriptor>
        """)]
    [InlineData("int", "11110001000000000002000000000000000340",
        """
        <target_IPv6_slash_descriptor><address IPv6_addr="1:0:0:2::3" IPv6_slash_mask="64"/></target_IPv6_slash_descriptor>
        """)]
    [InlineData("int", "11110000000000000000000000000000000100",
        """
        <target_IPv6_slash_descriptor><address IPv6_addr="::1" IPv6_slash_mask="0"/></target_IPv6_slash_descriptor>
        """)]
    [InlineData("int", "11112001000200000004000500060007000800",
        """
        <target_IPv6_slash_descriptor><address IPv6_addr="2001:2:0:4:5:6:7:8" IPv6_slash_mask="0"/></target_IPv6_slash_descriptor>
        """)]
    [InlineData("int", "070C01A3E4BA4574ABCDEF012345",
        """
        <target_MAC_address_descriptor MAC_addr_mask="01:A3:E4:BA:45:74"><address MAC_addr="AB:CD:EF:01:23:45"/></target_MAC_address_descriptor>
        """)]
    [InlineData("pmt", "520207",
        """
        <generic_descriptor tag="0x52">07</generic_descriptor>
        """)]
    [InlineData("pmt", "52020708",
        """
        <generic_descriptor tag="0x52">07 08</generic_descriptor>
        """)]
    [InlineData("pmt", "52010752",
        """
        <stream_identifier_descriptor component_tag="0x07"/><generic_descriptor tag="0x52"/>
        """)]
    [InlineData("pmt", "7F03EE0102",
        """
        <generic_descriptor tag="0x7F">EE 01 02</generic_descriptor>
        """)]
    [InlineData("sdt", "4805010A616263",
        """
        <generic_descriptor tag="0x48">01 0A 61 62 63</generic_descriptor>
        """)]
    public void A_descriptor_says_all_its_fields(string place, string bytes, string xml)
    {
        var (tableId, streamType) = place switch
        {
            "pmt" => (0x02, 0x1B),
            "avs" => (0x02, 0x42),
            "avs2" => (0x02, 0xD2),
            "avs3" => (0x02, 0xD4),
            "nit" => (0x40, (int?)null),
            "sdt" => (0x42, null),
            "eit" => (0x4E, null),
            "tot" => (0x73, null),
            "ait" => (0x74, null),
            "int" => (0x4C, null),
            "sit" => (0x7F, null),
            _ => throw new ArgumentOutOfRangeException(nameof(place), place, null),
        };
        var loop = new TableElementBuilder("loop");
        DescriptorLoop.Read(Convert.FromHexString(bytes), loop, new DescriptorScope(new DvbText(DvbCharset.Utf8), tableId, streamType));
        using var text = new StringWriter();
        using (var writer = XmlWriter.Create(text)) TableXml.Write(writer, loop.Build(), 0);
        TablesComparison.Differences(XElement.Parse(text.ToString()), XElement.Parse($"<loop>{xml}</loop>")).Should().BeEmpty();
    }
}
